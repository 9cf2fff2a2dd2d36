// Jest resolves with the `require` condition, under which ESM-only packages export nothing. Fall back to
// the `import` condition; @swc/jest then turns what is found into CommonJS.
module.exports = (request, options) => {
  try {
    return options.defaultResolver(request, options);
  } catch (error) {
    try {
      return options.defaultResolver(request, { ...options, conditions: ['node', 'import', 'default'] });
    } catch {
      throw error;
    }
  }
};
