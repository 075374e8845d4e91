namespace Fermata.Compilation;

/// <summary>What is compiled as one method: a function, what is left of one that is split (<see cref="SplitFunction"/>), or a <see cref="Piece"/> of it.</summary>
/// <param name="number">The number by which calls and frames name it: the index of the function, or a number behind those of all functions.</param>
/// <param name="function">The index of the function.</param>
/// <param name="type">Its parameters and results.</param>
internal abstract class CodeUnit(int number, int function, FuncType type)
{
    public int Number => number;

    public int Function => function;

    public FuncType Type => type;

    public bool IsPiece => number != function;

    /// <summary>The types of the locals that the function does not have: pieces hand values on in them.</summary>
    public virtual IReadOnlyList<ValType> AddedLocals => [];

    /// <summary>Reads the instructions into an empty list. Locals have the indices that they have in the function.</summary>
    /// <returns>What was inlined.</returns>
    public abstract Inlining Read(ModuleCompiler module, InstructionList code);

    /// <summary>How many values it may keep in native frames at once, at most: its locals, and one for each instruction. Of a split function, with those of one piece.</summary>
    public abstract long CountValues(ModuleCompiler module);

    /// <summary>Which of the parameters a local is; -1 if it is none.</summary>
    public virtual int ParameterOf(int local) => local < type.ParameterArray.Length ? local : -1;
}
