namespace Fermata.Python.Views;

/// <summary>Objects of Python that come back as proxies of proxies.</summary>
internal sealed class PythonObjectView : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.PythonObject;
}
