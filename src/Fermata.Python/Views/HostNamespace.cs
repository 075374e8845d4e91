namespace Fermata.Python.Views;

/// <summary>Values by names: arguments by keyword, and what Python imports as a module.</summary>
internal sealed class HostNamespace : Dictionary<string, object?>
{
    public HostNamespace()
        : base(StringComparer.Ordinal)
    {
    }
}
