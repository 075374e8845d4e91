using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Makes the code of a module that is missing: the compiler, or whatever else has some.</summary>
internal abstract class CodeMaker
{
    /// <summary>Whether there is a function with a number that is not imported, or a piece of one.</summary>
    public abstract bool HasCode(int number);

    /// <summary>The types of frames of a function that was compiled before, or of a piece of one; null if it was not.</summary>
    public virtual FrameTypes? LoadFrameTypes(int function) => null;

    /// <summary>Makes a form of a function that is not imported. For any thread, any number of times.</summary>
    /// <returns>The address, which stays valid as long as this object lives.</returns>
    public abstract nint Make(CodeForm form, int function);

    /// <summary>Has the JIT compile the run form of a function that is not imported. For any thread, any number of times.</summary>
    public abstract void Prepare(int function);

    /// <summary>The functions whose run forms were compiled in this process so far. For any thread.</summary>
    public abstract IEnumerable<int> Made { get; }

    /// <summary>The functions whose run forms were compiled before.</summary>
    public virtual IEnumerable<int> Loaded => [];

    /// <summary>The most numbers and references in a frame of a function that is interrupted in a loop.</summary>
    public abstract (int Numbers, int References) LargestStop { get; }

    /// <summary>Where functions are inlined in a form of a function; null if none are, or it is not known: compiled ahead of time, code has no such notes. For any thread.</summary>
    public virtual InlinedCalls? FindInlined(CodeForm form, int function) => null;

    /// <summary>A new object of the module's instance class, with no field set.</summary>
    public abstract Instance CreateInstance();

    /// <summary>The class of a structure type of the module. For any thread.</summary>
    public abstract StructClass Struct(DefinedType type);

    /// <summary>The class of an array type of the module. For any thread.</summary>
    public abstract ArrayClass Array(DefinedType type);
}
