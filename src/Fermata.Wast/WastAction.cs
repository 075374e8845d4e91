namespace Fermata.Wast;

/// <summary>A call of an exported function, or a look at an exported global.</summary>
/// <param name="IsGet">Whether it looks at a global.</param>
/// <param name="Instance">The identifier of the instance; null for the last one.</param>
/// <param name="Name">The name of the export.</param>
/// <param name="Arguments">The arguments of the call.</param>
internal sealed record WastAction(bool IsGet, string? Instance, string Name, WastConstant[] Arguments)
{
    public override string ToString() =>
        IsGet ? $"get \"{Name}\"" : $"invoke \"{Name}\"{string.Concat(Arguments.Select(argument => " " + argument))}";
}
