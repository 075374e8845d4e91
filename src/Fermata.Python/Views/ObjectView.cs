using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>Objects of a type that the host permits: its public members, those of its bases and nothing of <see cref="object"/>.</summary>
/// <param name="type">The type.</param>
internal sealed class ObjectView(Type type) : HostView
{
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;

    private readonly Dictionary<string, MethodInfo[]> _methods = Members(type)
        .SelectMany(owner => owner.GetMethods(Public))
        .Where(method => !method.IsSpecialName && !method.IsGenericMethodDefinition && method.DeclaringType != typeof(object) && method.GetBaseDefinition().DeclaringType != typeof(object)
            && !method.IsDefined(typeof(CompilerGeneratedAttribute)))
        .GroupBy(method => MemberNames.ToPython(method.Name))
        .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private readonly Dictionary<string, PropertyInfo> _properties = Members(type)
        .SelectMany(owner => owner.GetProperties(Public))
        .Where(property => property.GetIndexParameters().Length == 0 && property.Name != "EqualityContract")
        .DistinctBy(property => MemberNames.ToPython(property.Name))
        .ToDictionary(property => MemberNames.ToPython(property.Name), StringComparer.Ordinal);

    public override HostTraits TraitsOf(object value) =>
        (typeof(IDisposable).IsAssignableFrom(type) ? HostTraits.Disposable : HostTraits.None)
        | (typeof(IAsyncDisposable).IsAssignableFrom(type) ? HostTraits.AsyncDisposable : HostTraits.None)
        | (typeof(IEnumerable).IsAssignableFrom(type) ? HostTraits.Iterable : HostTraits.None);

    public override string TypeNameOf(object value) => type.Name;

    public override string TextOf(object value) => $"<{type.Name} of the host>";

    public override IEnumerable<string> NamesOf(object value) => _properties.Keys.Concat(_methods.Keys);

    public override IEnumerator IteratorOf(object value) => ((IEnumerable)value).GetEnumerator();

    public override bool TryGet(object value, string name, out object? result)
    {
        if (_properties.TryGetValue(name, out var property) && property.GetMethod is { IsPublic: true } getter)
        {
            result = getter.Invoke(value, BindingFlags.DoNotWrapExceptions, null, null, null);
            return true;
        }

        result = _methods.TryGetValue(name, out var methods) ? new ExposedFunction(name, value, methods) : null;
        return result is not null;
    }

    public override bool TrySet(object value, string name, object? attribute)
    {
        if (!_properties.TryGetValue(name, out var property) || property.SetMethod is not { IsPublic: true } setter || IsInit(setter))
            return false;
        var converted = HostConversion.To(HostConversion.Keep(attribute), property.PropertyType);
        setter.Invoke(value, BindingFlags.DoNotWrapExceptions, null, [converted], null);
        return true;
    }

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    /// <summary>A type, and the interfaces that an interface inherits.</summary>
    private static IEnumerable<Type> Members(Type type) => type.IsInterface ? type.GetInterfaces().Prepend(type) : [type];
}
