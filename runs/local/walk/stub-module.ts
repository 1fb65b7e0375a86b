/** Stands for packages that the interpreter imports and that a local walk never calls. */
const absent = (): never => {
  throw new Error('a local run called a part of the interpreter that is left out of the bundle');
};

export default absent;
export const InvokeCommand = absent;
export const LambdaClient = absent;
export const fromCognitoIdentityPool = absent;
