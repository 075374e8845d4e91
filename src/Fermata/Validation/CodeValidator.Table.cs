namespace Fermata.Validation;

/// <content>Table instructions (section 3.4.4 "Table Instructions").</content>
internal sealed partial class CodeValidator
{
    private TableType TableAt(int index) =>
        index < types.TableTypes.Length ? types.TableTypes[index] : throw Invalid($"unknown table {index}");

    private ValType ElementTypeAt(int index) =>
        index < types.ElementTypes.Length ? types.ElementTypes[index] : throw Invalid($"unknown elem segment {index}");

    private void CheckTableGet()
    {
        var table = TableAt(_instruction.Index);
        Pop(table.AddressType);
        Push(table.Element);
    }

    private void CheckTableSet()
    {
        var table = TableAt(_instruction.Index);
        Pop([table.AddressType, table.Element]);
    }

    private void CheckTableGrow()
    {
        var table = TableAt(_instruction.Index);
        Pop([table.Element, table.AddressType]);
        Push(table.AddressType);
    }

    private void CheckTableFill()
    {
        var table = TableAt(_instruction.Index);
        Pop([table.AddressType, table.Element, table.AddressType]);
    }

    private void CheckTableCopy()
    {
        var destination = TableAt(_instruction.Index);
        var source = TableAt(_instruction.Index2);
        RequireElements(source.Element, destination.Element);
        Pop([destination.AddressType, source.AddressType, Minimum(destination.AddressType, source.AddressType)]);
    }

    private void CheckTableInit()
    {
        var table = TableAt(_instruction.Index2);
        RequireElements(ElementTypeAt(_instruction.Index), table.Element);
        Pop([table.AddressType, ValType.I32, ValType.I32]);
    }

    private void RequireElements(ValType source, ValType destination)
    {
        if (!_registry.IsSubtype(source, destination))
        {
            throw Invalid(
                $"type mismatch: element type {Describe(source)} does not match {Describe(destination)} at {_instruction.Info.Name}");
        }
    }

    /// <summary>The minimum of two address types (section 2.3.11 "Address Types"), in which the number of things to copy fits.</summary>
    private static ValType Minimum(ValType first, ValType second) => first == ValType.I64 ? second : first;
}
