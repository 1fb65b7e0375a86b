/**
 * Jest's environment for Node, in a context with an ordinary global object. In the usual one each look at a global, such as
 * `Math`, asks an interceptor first: code that computes takes twice to ten times as long.
 */
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

export default class PlainGlobals extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    // The constructor takes no context from outside.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }
}
