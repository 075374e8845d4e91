namespace Fermata.Emscripten;

/// <summary>Exports of instances.</summary>
internal static class InstanceExtensions
{
    /// <summary>An export by the name that it has in the module, if it is of a class; null if there is none. No others are made for it, of which programs can have thousands.</summary>
    public static T? Find<T>(this Instance instance, string name)
        where T : class =>
        (typeof(T) == typeof(Function) && instance.TryGetFunction(name, out var function) ? function
        : typeof(T) == typeof(Memory) && instance.TryGetMemory(name, out var memory) ? memory
        : typeof(T) == typeof(Table) && instance.TryGetTable(name, out var table) ? table
        : typeof(T) == typeof(Global) && instance.TryGetGlobal(name, out var global) ? global
        : typeof(T) == typeof(Tag) && instance.TryGetTag(name, out var tag) ? (object)tag
        : null) as T;
}
