using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Merging;

/// <summary>Makes one start function of those of the inputs.</summary>
internal static class StartFunctions
{
    /// <summary>A module with a function that calls the functions that it imports in their order.</summary>
    public static MergeInput Caller(int count, TypeRegistry registry)
    {
        var types = new SectionWriter(SectionId.Type);
        var type = types.Begin();
        type.WriteByte(0x60);
        type.WriteValTypes([]);
        type.WriteValTypes([]);

        var imports = new SectionWriter(SectionId.Import);
        var code = new ByteWriter();
        code.WriteUnsigned(0);
        for (var i = 0; i < count; i++)
        {
            var import = imports.Begin();
            import.WriteName("");
            import.WriteName("");
            import.WriteByte((byte)ExternKind.Func);
            import.WriteUnsigned(0);
            code.WriteOpcode(Opcode.Call);
            code.WriteUnsigned((ulong)i);
        }

        code.WriteOpcode(Opcode.End);
        var functions = new SectionWriter(SectionId.Function);
        functions.Begin().WriteUnsigned(0);
        var bodies = new SectionWriter(SectionId.Code);
        bodies.Begin().AppendSized(code);

        var module = new ByteWriter();
        module.Write("\0asm\u0001\0\0\0"u8);
        foreach (var section in new[] { types, imports, functions, bodies })
            section.AppendTo(module);
        var names = new NameSectionWriter();
        names.Add(NameSubsection.Function, [(count, "start")]);
        var custom = new CustomSectionWriter();
        names.AddTo(custom);
        custom.AppendTo(module, int.MaxValue);
        return MergeInput.Read("", "start", module.Bytes.ToArray(), registry);
    }
}
