// QuickJS of @jitl, by the functions of C that its JavaScript has.

import { load, measure, script } from './packages.mjs';

const { default: factory } = await load('@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.mjs');
const module = await factory();
const context = module._QTS_NewContext(module._QTS_NewRuntime(), 0);
evaluate(script('work.js'));

export const round = () => measure(() => Number(evaluate('work()')));

/** What a script gives, as a string. */
function evaluate(source) {
  const bytes = module.lengthBytesUTF8(source);
  const text = module._malloc(bytes + 1);
  module.stringToUTF8(source, text, bytes + 1);
  const file = module._malloc(1);
  module.stringToUTF8('', file, 1);
  const value = module._QTS_Eval(context, text, bytes, file, 0, 0);
  if (module._QTS_ResolveException(context, value)) throw new Error('the script failed');
  const string = module._QTS_GetString(context, value);
  const result = module.UTF8ToString(string);
  module._QTS_FreeCString(context, string);
  module._QTS_FreeValuePointer(context, value);
  module._free(text);
  module._free(file);
  return result;
}
