using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>Has the code of a function made when the JIT first needs it, which is when a function that calls it directly is compiled.</summary>
/// <remarks>
/// Generated code names the methods of classes that are not complete yet. .NET asks for such a class when it compiles the code (<see cref="AppDomain.TypeResolve"/>), so that a call
/// is a direct one whether its callee was there or not.
/// </remarks>
internal static class CodeOnDemand
{
    /// <summary>What the compiler may need of a native stack.</summary>
    private const int StackBytes = 512 * 1024;

    private static readonly ConditionalWeakTable<Assembly, ModuleCompiler> Compilers = [];

    static CodeOnDemand() => AppDomain.CurrentDomain.TypeResolve += Resolve;

    /// <summary>Has a compiler be asked for classes that code in an assembly names.</summary>
    public static void Register(Assembly assembly, ModuleCompiler compiler) => Compilers.Add(assembly, compiler);

    /// <summary>Calls a method on a thread of its own if the native stack is short here: it may be below code that has used it up.</summary>
    public static T WithStack<T>(Func<T> make)
    {
        if (NativeStack.HasRoom(StackBytes))
            return make();

        T result = default!;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = make();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            2 * StackBytes);
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return result;
    }

    private static Assembly? Resolve(object? sender, ResolveEventArgs arguments) =>
        arguments.RequestingAssembly is { } assembly && Compilers.TryGetValue(assembly, out var compiler) ? compiler.Resolve(arguments.Name) : null;
}
