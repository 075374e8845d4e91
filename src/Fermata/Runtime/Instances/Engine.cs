using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

/// <summary>Where modules are compiled and types are known. Make one and share it; it is safe for use by many threads.</summary>
public sealed partial class Engine
{
    /// <summary>The options that the engine was made with.</summary>
    public EngineOptions Options { get; }

    internal TypeRegistry Types { get; } = new();

    internal AggregateClassTable Aggregates { get; } = new();

    internal EngineCode Code { get; }
}
