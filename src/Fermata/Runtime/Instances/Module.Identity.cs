using System.Security.Cryptography;
using Fermata.Runtime;

namespace Fermata;

public sealed partial class Module
{
    private byte[]? _hash;
    private byte[]? _frameFingerprint;

    /// <summary>The SHA-256 of the module in the binary format: 32 bytes by which it can be found again.</summary>
    public ReadOnlySpan<byte> Hash => _hash ??= SHA256.HashData(Definition.Bytes.Span);

    /// <summary>What tells the frames of the module's functions from any other: its bytes, and what else frames depend on.</summary>
    internal ReadOnlySpan<byte> FrameFingerprint => _frameFingerprint ??= new CodeFingerprint(Definition.Bytes, Engine.Options, needsGuards: false).Bytes.ToArray();
}
