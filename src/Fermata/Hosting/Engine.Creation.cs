using Fermata.Hosting;
using Fermata.Validation;

namespace Fermata;

public sealed partial class Engine
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
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxModuleBytes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxModuleBytes, ImplementationLimits.ModuleBytes, nameof(options));
        if (options.MaxLoadTime <= TimeSpan.Zero && options.MaxLoadTime != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxLoadTime, "MaxLoadTime is positive, or Timeout.InfiniteTimeSpan.");
        if (!Environment.Is64BitProcess)
            throw new PlatformNotSupportedException("Fermata needs a 64-bit process.");
        Options = options;
        I31.Prepare();
        Code = new EngineThunks();
    }

    internal EngineThunks Thunks => (EngineThunks)Code;
}
