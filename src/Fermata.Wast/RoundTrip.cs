using Fermata.Binary;
using Fermata.Merging;
using Fermata.Text;
using Fermata.Validation;

namespace Fermata.Wast;

/// <summary>A form in which the modules of a script are written, and read again, before they are compiled.</summary>
/// <remarks>What a script asserts holds in every form, or the module is not written as it is.</remarks>
public enum RoundTripForm
{
    /// <summary>Modules are taken as they are.</summary>
    None,

    /// <summary>The binary format.</summary>
    Binary,

    /// <summary>The text format with folded instructions.</summary>
    Folded,

    /// <summary>The text format with one instruction on each line.</summary>
    Flat,

    /// <summary>The binary format, merged behind a module that has something in each index space. Branch hints get lost.</summary>
    Merged,
}

/// <summary>Writes modules in another form and reads them back.</summary>
internal static class RoundTrip
{
    /// <summary>A module that exports nothing, and whose types no other module has.</summary>
    private const string Before = """
        (module
          (rec (type $f (func (param f64 i64 f32))) (type $s (struct (field f64 i64 f32))))
          (table 0 funcref) (memory 0) (tag (type $f)) (global i32 (i32.const 0))
          (func (type $f)) (elem func 0) (data ""))
        """;

    /// <summary>The module in the binary format after it was written in the form.</summary>
    /// <exception cref="ModuleException">The module is malformed or invalid.</exception>
    public static byte[] Write(byte[] module, RoundTripForm form)
    {
        if (form == RoundTripForm.None)
            return module;
        var definition = ModuleDecoder.Decode(module);
        ModuleValidator.Validate(definition, new TypeRegistry());
        if (form == RoundTripForm.Binary)
            return ModuleWriter.Write(definition);
        if (form == RoundTripForm.Merged)
            return Merge(module);
        using var text = new StringWriter();
        ModulePrinter.Print(definition, text, form == RoundTripForm.Folded ? TextStyle.Folded : TextStyle.Flat);
        return TextModule.Assemble(text.ToString()).Binary;
    }

    /// <summary>Every index of a definition becomes another one.</summary>
    private static byte[] Merge(byte[] module)
    {
        var registry = new TypeRegistry();
        var before = MergeInput.Read("", "before", TextModule.Assemble(Before).Binary, registry);
        return ModuleMerger.Merge([before, MergeInput.Read("module", "module", module, registry)], renamesConflicts: false, static _ => false).Bytes;
    }
}
