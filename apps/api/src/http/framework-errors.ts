import { InvalidRequestError, PayloadTooLargeError, type DomainError } from '@loom/domain';
import { HttpError } from './http-error';

/** The content codings that the body parser undoes. */
const CODINGS = 'gzip, deflate, br';
const TYPE = '/header/Content-Type';
const CODING = '/header/Content-Encoding';

/** What an error of Express or its body parser, told by its `type` and `status`, is for a client; undefined for all others. */
export function fromFramework(error: unknown): HttpError | DomainError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  switch ('type' in error ? error.type : undefined) {
    case 'entity.parse.failed':
      return new InvalidRequestError('the body is not valid JSON', [{ pointer: '', message: error.message }]);
    case 'entity.too.large':
      return new PayloadTooLargeError('the body is larger than this operation takes');
    case 'charset.unsupported':
      return unsupportedCharset('charset' in error ? String(error.charset) : 'this');
    case 'encoding.unsupported':
      return unsupportedCoding('encoding' in error ? String(error.encoding) : 'this');
    case 'request.size.invalid':
      return new InvalidRequestError('the body is not as long as its Content-Length says', [
        { pointer: '/header/Content-Length', message: 'is not the number of bytes that were sent' },
      ]);
    default:
      return error.status >= 400 && error.status < 500 ? malformed(error) : undefined;
  }
}

/** A body of another type, told to a client that sent it. */
export function unsupportedType(): HttpError {
  const problems = [{ pointer: TYPE, message: 'must be application/json' }];
  return new HttpError('unsupported_media_type', 'the body must be application/json', {}, problems);
}

function unsupportedCharset(charset: string): HttpError {
  const detail =
    'the body must be JSON in UTF-8; convert it, or leave out the charset if it is UTF-8 already';
  const problems = [{ pointer: TYPE, message: `charset ${charset} is not supported; send UTF-8` }];
  return new HttpError('unsupported_media_type', detail, {}, problems);
}

function unsupportedCoding(coding: string): HttpError {
  const detail = `the body must come as it is, or compressed with one of ${CODINGS}`;
  const problems = [
    { pointer: CODING, message: `${coding} is not supported; use one of ${CODINGS}, or none` },
  ];
  return new HttpError('unsupported_media_type', detail, { 'accept-encoding': CODINGS }, problems);
}

function malformed(error: Error): DomainError | HttpError {
  if (error instanceof URIError)
    return new InvalidRequestError('the path is malformed', [
      { pointer: '/path', message: 'cannot be decoded' },
    ]);
  // Of zlib, while a compressed body was read.
  if ('code' in error && /^(?:Z_|ERR_)/.test(String(error.code)))
    return new InvalidRequestError('the body cannot be decompressed', [
      { pointer: CODING, message: `does not fit the body: ${error.message}` },
    ]);
  return new HttpError('invalid_request', 'the request is malformed');
}
