namespace Fermata.Compilation;

/// <summary>A function that is compiled as one method.</summary>
internal sealed class WholeFunction(int function, FuncType type) : CodeUnit(function, function, type)
{
    public override Inlining Read(ModuleCompiler module, InstructionList code) => Inliner.Read(module, this, code);

    public override long CountValues(ModuleCompiler module)
    {
        var body = module.Definition.Functions[Function].Body!;
        return (long)body.UsableLocals + body.Code.Length;
    }
}
