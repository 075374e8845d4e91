using System.Reflection;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>The code between a delegate type and WebAssembly.</summary>
/// <param name="Method">A static method for such delegates; its first parameter is a <see cref="TypedCall"/>.</param>
/// <param name="ResultReader">For a delegate that returns a task with a result: a <see cref="ResultReader{T}"/>. Null otherwise.</param>
internal sealed record ExportThunk(MethodInfo Method, Delegate? ResultReader);
