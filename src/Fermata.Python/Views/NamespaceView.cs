using System.Collections;
using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>Names with values, which are attributes: modules of the host. As all modules, Python can change them.</summary>
internal sealed class NamespaceView : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.None;

    public override string TypeNameOf(object value) => "module";

    public override string TextOf(object value) => "<module of the host>";

    public override IEnumerable<string> NamesOf(object value) => ((HostNamespace)value).Keys;

    public override bool TryGet(object value, string name, out object? result) => ((HostNamespace)value).TryGetValue(name, out result);

    public override bool TrySet(object value, string name, object? attribute)
    {
        ((HostNamespace)value)[name] = HostConversion.Keep(attribute);
        return true;
    }

    public override bool TryDelete(object value, string name) => ((HostNamespace)value).Remove(name);

    public override IEnumerator IteratorOf(object value) => ((HostNamespace)value).Keys.GetEnumerator();
}
