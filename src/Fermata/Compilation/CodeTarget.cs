using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Where the code of a module goes: into dynamic assemblies of this process, function by function, or into a file.</summary>
internal abstract class CodeTarget
{
    /// <summary>The class of the module's instances.</summary>
    public abstract InstanceClass Class { get; }

    /// <summary>Whether the function may have its code there. Code calls others as the instance has them.</summary>
    public virtual bool Includes(int function) => true;

    /// <summary>The method of a function that has code already; null if it is to be compiled.</summary>
    public virtual MethodInfo? Find(int function) => null;

    /// <summary>The class that is to have the code of one form of a function.</summary>
    /// <param name="compiler">The compiler of the module.</param>
    /// <param name="name">The name, if it has a class of its own.</param>
    public abstract TypeBuilder DefineClass(ModuleCompiler compiler, string name);

    /// <summary>The generator of a method of such a class.</summary>
    public abstract ILGenerator WriterOf(MethodBuilder method);

    /// <summary>The method, now that all of this form of the function is written.</summary>
    public abstract MethodInfo Complete(MethodBuilder method);
}
