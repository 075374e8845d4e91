using Fermata.Compilation;
using Fermata.Validation;

namespace Fermata;

/// <summary>Where modules are compiled and types are known. Make one and share it; it is safe for use by many threads.</summary>
public sealed class Engine
{
    /// <summary>An engine with the default options.</summary>
    public Engine()
        : this(EngineOptions.Default)
    {
    }

    /// <summary>An engine.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">The process is not a 64-bit one.</exception>
    public Engine(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxNativeStackBytes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxStackBytes, nameof(options));
        if (!Environment.Is64BitProcess)
            throw new PlatformNotSupportedException("Fermata needs a 64-bit process.");
        Options = options;
        Aggregates = new AggregateClasses(Types);
        DelegateThunks = new DelegateThunks(Thunks);
    }

    /// <summary>The options that the engine was made with.</summary>
    public EngineOptions Options { get; }

    internal TypeRegistry Types { get; } = new();

    internal AggregateClasses Aggregates { get; }

    internal ThunkAssembly Thunks { get; } = new();

    internal DelegateThunks DelegateThunks { get; }
}
