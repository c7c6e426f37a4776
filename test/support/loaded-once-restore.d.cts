/** Notes what the globals, the process and its environment are now. @returns a function that makes them so again */
declare function remember(): () => void;
export = remember;
