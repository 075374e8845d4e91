using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Code of modules from a <see cref="CodeCache"/>.</summary>
internal static class CachedCode
{
    /// <summary>What was loaded stays, so that it serves all engines of the process.</summary>
    private static readonly ConcurrentDictionary<string, CodeImage> Images = [];

    /// <summary>Those by which machine code differs most; .NET itself does not use code that needs another one which is not there.</summary>
    private static string Features => $"{Sse42.IsSupported} {Avx2.IsSupported} {Avx512F.VL.IsSupported} {AdvSimd.Arm64.IsSupported}";

    /// <summary>Whether a cache can have code of a module.</summary>
    public static bool CanHave(CodeCache cache, ModuleDefinition module, ModuleTypes types) => module.Bytes.Length >= cache.MinModuleBytes && PersistedCode.Supports(types);

    /// <summary>What a cache has of the code of a module; null if that is nothing, or there is no cache.</summary>
    public static CodeImage? Find(CodeCache? cache, ModuleDefinition module, ModuleTypes types, CodeFingerprint fingerprint) =>
        cache is not null && CanHave(cache, module, types) && Find(cache, KeyOf(fingerprint)) is { } image && fingerprint.Bytes.SequenceEqual(image.Table.Fingerprint)
            ? image
            : null;

    /// <summary>
    /// The key of code in a cache: besides what counts for its frames, the build of the engine, that of .NET, and the features of the processor that the compilers look at.
    /// </summary>
    public static string KeyOf(CodeFingerprint fingerprint)
    {
        var engine = typeof(CachedCode).Assembly.ManifestModule.ModuleVersionId;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{fingerprint}\n{engine}\n{RuntimeInformation.FrameworkDescription}\n{RuntimeInformation.RuntimeIdentifier}\n{Features}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static CodeImage? Find(CodeCache cache, string key)
    {
        if (Images.TryGetValue(key, out var image))
            return image;
        if (cache.Find(key) is not { } path)
            return null;
        try
        {
            return Images.GetOrAdd(key, CodeImage.Load(path));
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or TypeLoadException)
        {
            cache.Remove(key);
            return null;
        }
    }
}
