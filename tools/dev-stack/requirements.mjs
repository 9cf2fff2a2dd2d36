// What a machine must have before anything of Loom can run. Node's own modules only.

const NODE = [20, 19];

/** @param {string} version such as 20.19.0; answers one line that says what is wrong and how to mend it, or undefined */
export function nodeProblem(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return undefined;
  return `Loom needs Node ${NODE.join('.')} or newer, and this is ${version}: install a newer one (with nvm: nvm install 22 && nvm use 22), then run the command again`;
}

/** @param {string | undefined} answer what `git --version` printed, when it ran */
export function gitProblem(answer) {
  if (answer !== undefined && answer.startsWith('git version')) return undefined;
  return 'Loom needs git, and there is none on PATH: install it (Debian, Ubuntu: apt-get install git; macOS: xcode-select --install), then run the command again';
}
