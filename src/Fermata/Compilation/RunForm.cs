using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.ExceptionServices;

namespace Fermata.Compilation;

/// <summary>The run form of a function, as other code names it before there is any.</summary>
/// <param name="class">The class that it has to itself.</param>
/// <param name="method">What is called.</param>
/// <param name="guard">If what is called only checks the stack, and then calls the function: how large the frame of that may be.</param>
internal sealed class RunForm(TypeBuilder @class, MethodBuilder method, LargeFrame? guard)
{
    public TypeBuilder Class => @class;

    public MethodBuilder Method => method;

    public LargeFrame? Guard => guard;

    /// <summary>What was made: what is called, and the function itself if it is another method; null until then.</summary>
    public Made? Created { get; set; }

    /// <summary>What went wrong when it was to be made.</summary>
    public ExceptionDispatchInfo? Failure { get; set; }

    /// <summary>The methods of a run form.</summary>
    /// <param name="Entry">What is called.</param>
    /// <param name="Body">The function itself, if that is another one.</param>
    public sealed record Made(MethodInfo Entry, MethodInfo? Body);
}
