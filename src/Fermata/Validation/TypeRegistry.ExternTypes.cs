namespace Fermata.Validation;

/// <content>Section 3.3.16 "External Types" of matching: whether what is exported fits what is imported.</content>
internal sealed partial class TypeRegistry
{
    public bool IsSubtype(ExternType sub, ExternType super) => (sub, super) switch
    {
        (FunctionType a, FunctionType b) => a.Definition.IsSubtypeOf(b.Definition),
        (MemoryType a, MemoryType b) => a.Is64 == b.Is64 && a.IsShared == b.IsShared && IsWithin(a.Limits, b.Limits),
        (TableType a, TableType b) => a.Is64 == b.Is64 && a.Element == b.Element && IsWithin(a.Limits, b.Limits),
        (GlobalType a, GlobalType b) => IsSubtype(a, b),
        (TagType a, TagType b) => a.Definition == b.Definition,
        _ => false,
    };

    /// <summary>What can be written must be the same type, what can only be read may be a subtype.</summary>
    private bool IsSubtype(GlobalType sub, GlobalType super) =>
        sub.IsMutable == super.IsMutable && (sub.IsMutable ? sub.Type == super.Type : IsSubtype(sub.Type, super.Type));

    private static bool IsWithin(Limits limits, Limits bounds) =>
        limits.Min >= bounds.Min && (bounds.Max is not { } max || limits.Max <= max);
}
