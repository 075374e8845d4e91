namespace Fermata.Compilation;

/// <summary>A function that is compiled as one method.</summary>
internal sealed class WholeFunction(int function, FuncType type) : CodeUnit(function, function, type)
{
    public override void Read(ModuleCompiler module, InstructionList code) =>
        code.Read(module.Definition.Bytes.Span, module.Definition.Functions[Function].Body!.Code, module.Budget);

    public override long CountValues(ModuleCompiler module)
    {
        var body = module.Definition.Functions[Function].Body!;
        return (long)body.UsableLocals + body.Code.Length;
    }
}
