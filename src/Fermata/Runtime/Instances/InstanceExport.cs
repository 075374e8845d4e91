namespace Fermata;

/// <summary>Something that an instance makes accessible (section 4.2.14 "Export Instances").</summary>
public sealed record class InstanceExport
{
    internal InstanceExport(ExportType type, object value)
    {
        Name = type.Name;
        Type = type.Type;
        Value = value;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its type, as the module declares it.</summary>
    public ExternType Type { get; }

    /// <summary>What kind of thing it is.</summary>
    public ExternKind Kind => Type.Kind;

    /// <summary>The thing itself: a <see cref="Function"/>, <see cref="Memory"/>, <see cref="Table"/>, <see cref="Global"/> or <see cref="Tag"/>.</summary>
    public object Value { get; }
}
