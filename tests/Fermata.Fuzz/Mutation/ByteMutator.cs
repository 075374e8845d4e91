namespace Fermata.Fuzz.Mutation;

/// <summary>Changes bytes of a module without a thought for whether it stays one.</summary>
internal static class ByteMutator
{
    private const int MostBytes = 100_000;

    private static readonly byte[] Interesting = [0x00, 0x01, 0x7F, 0x80, 0xFF, 0x40, 0x60, 0x70, 0x6F, 0x64, 0x63, 0x0B, 0xFB, 0xFC, 0xFD, 0xFE, 0x5E, 0x5F, 0x4E, 0x50, 0x1F];

    /// <summary>Another sequence of bytes.</summary>
    /// <param name="bytes">Where to start from.</param>
    /// <param name="donor">Where bytes are taken from for splices.</param>
    /// <param name="random">What decides.</param>
    public static byte[] Mutate(byte[] bytes, byte[] donor, RandomSource random)
    {
        var result = new List<byte>(bytes);
        for (var left = 1 + random.Below(1 + random.Below(8)); left > 0 && result.Count > 0; left--)
            Apply(result, donor, random);
        return result.Count <= MostBytes ? [.. result] : [.. result.GetRange(0, MostBytes)];
    }

    private static void Apply(List<byte> bytes, byte[] donor, RandomSource random)
    {
        var at = random.Below(bytes.Count);
        var length = Math.Min(1 + random.Below(1 << random.Below(7)), bytes.Count - at);
        switch (random.Below(11))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Below(8));
                break;
            case 2 or 3:
                bytes[at] = random.OneIn(2) ? random.Pick(Interesting) : (byte)random.Next();
                break;
            case 4:
                bytes[at] += (byte)(random.Below(5) - 2);
                break;
            case 5:
                bytes.Insert(at, random.OneIn(2) ? random.Pick(Interesting) : (byte)random.Next());
                break;
            case 6:
                bytes.RemoveRange(at, length);
                break;
            case 7:
                bytes.InsertRange(random.Below(bytes.Count), bytes.GetRange(at, length));
                break;
            case 8:
                LengthenNumber(bytes, at, random);
                break;
            case 9:
                Splice(bytes, at, donor, random);
                break;
            default:
                SwapSections(bytes, random);
                break;
        }
    }

    /// <summary>A number in LEB128 in more bytes than it needs, or a larger number.</summary>
    private static void LengthenNumber(List<byte> bytes, int at, RandomSource random)
    {
        bytes[at] |= 0x80;
        for (var more = random.Below(5); more > 0; more--)
            bytes.Insert(++at, (byte)(random.OneIn(2) ? 0x80 : 0xFF));
        bytes.Insert(at + 1, random.Pick<byte>([0x00, 0x7F, 0x0F, 0x01]));
    }

    private static void Splice(List<byte> bytes, int at, byte[] donor, RandomSource random)
    {
        if (donor.Length == 0)
            return;
        var from = random.Below(donor.Length);
        var length = Math.Min(1 + random.Below(1 << random.Below(10)), donor.Length - from);
        if (random.OneIn(2))
            bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
        bytes.InsertRange(at, donor.AsSpan(from, length).ToArray());
    }

    /// <summary>Exchanges two sections, or leaves out or repeats one.</summary>
    private static void SwapSections(List<byte> bytes, RandomSource random)
    {
        var sections = FindSections(bytes);
        if (sections.Count < 2)
            return;
        var first = random.Below(sections.Count - 1);
        var second = first + 1 + random.Below(sections.Count - first - 1);
        var (a, b) = (sections[first], sections[second]);
        var (left, right) = (bytes.GetRange(a.Start, a.Length), bytes.GetRange(b.Start, b.Length));
        bytes.RemoveRange(b.Start, b.Length);
        bytes.InsertRange(b.Start, left);
        if (random.OneIn(3))
            return;
        bytes.RemoveRange(a.Start, a.Length);
        bytes.InsertRange(a.Start, right);
    }

    /// <summary>The sections as far as lengths can be followed.</summary>
    private static List<(int Start, int Length)> FindSections(List<byte> bytes)
    {
        var sections = new List<(int, int)>();
        for (var start = 8; start + 1 < bytes.Count;)
        {
            var at = start + 1;
            var (size, shift) = (0L, 0);
            while (at < bytes.Count && shift < 35)
            {
                size |= (long)(bytes[at] & 0x7F) << shift;
                shift += 7;
                if (bytes[at++] < 0x80)
                    break;
            }

            if (at + size > bytes.Count)
                break;
            sections.Add((start, at + (int)size - start));
            start = at + (int)size;
        }

        return sections;
    }
}
