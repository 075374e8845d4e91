using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Fermata.Runtime;

/// <summary>What tells the code of a module, and the frames that it saves, from any other: equal ones can take each other's place.</summary>
/// <remarks>
/// It covers the bytes of the module, the version of the engine, and every option of the engine but those that are listed as having no part
/// in code: a new option counts until somebody says that it does not.
/// </remarks>
/// <param name="bytes">The module.</param>
/// <param name="options">The options that it is compiled with.</param>
/// <param name="needsGuards">Whether it leaves bounds of memories to guard pages. Frames do not depend on it.</param>
internal sealed class CodeFingerprint(ReadOnlyMemory<byte> bytes, EngineOptions options, bool needsGuards)
{
    /// <summary>The options that only the run time or the loader looks at, or of which code depends on less than the value.</summary>
    internal static readonly string[] LeftOut =
    [
        nameof(EngineOptions.MaxNativeStackBytes), nameof(EngineOptions.MaxStackBytes),
        nameof(EngineOptions.MaxModuleBytes), nameof(EngineOptions.MaxLoadTime),
        nameof(EngineOptions.IsCollectible), nameof(EngineOptions.BoundsChecks), nameof(EngineOptions.CodeCache),
    ];

    /// <summary>How many bytes it has.</summary>
    public const int Length = 32;

    private byte[]? _hash;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _hash ??= Compute();

    public override string ToString() => Convert.ToHexStringLower(Bytes);

    private byte[] Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{typeof(EngineOptions).Assembly.GetName().Version}\n");
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var option in typeof(EngineOptions).GetProperties(all).OrderBy(option => option.Name, StringComparer.Ordinal))
        {
            if (option.CanWrite && !LeftOut.Contains(option.Name))
                text.Append(CultureInfo.InvariantCulture, $"{option.Name}={option.GetValue(options)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{nameof(EngineOptions.MovesStacks)}={options.MovesStacks}\n{nameof(needsGuards)}={needsGuards}\n");
        hash.AppendData(Encoding.UTF8.GetBytes(text.ToString()));
        hash.AppendData(bytes.Span);
        return hash.GetHashAndReset();
    }
}
