namespace Fermata;

/// <summary>Something that an instance makes accessible (section 4.2.13 "Export Instances").</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as the module declares it.</param>
/// <param name="Value">The thing itself: a <see cref="Function"/>, <see cref="Memory"/>, <see cref="Table"/>, <see cref="Global"/> or <see cref="Tag"/>.</param>
public sealed record InstanceExport(string Name, ExternType Type, object Value)
{
    /// <summary>What kind of thing it is.</summary>
    public ExternKind Kind => Type.Kind;
}
