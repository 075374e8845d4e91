namespace Fermata.Python.Views;

/// <summary>Objects of which Python can do nothing but hand them back.</summary>
internal sealed class OpaqueView : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.None;
}
