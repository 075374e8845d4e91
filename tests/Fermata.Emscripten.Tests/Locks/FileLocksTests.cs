using Fermata.Emscripten.Locks;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Emscripten.Tests.Locks;

public sealed class FileLocksTests
{
    private const int Bytes = 24;

    /// <summary>Locks of three owners, compared with what each of them has of each byte, and what another process sees.</summary>
    [Theory]
    [InlineData(false, 20_000)]
    [InlineData(true, 2_000)]
    public void RangesAreWhatEachByteIs(bool isOfHost, int steps)
    {
        var path = Path.GetTempFileName();
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
        using var others = Open(file);
        var random = new Random(1);
        using var locks = new FileLocks(isOfHost ? Open(file) : null);
        LockOwner[] owners = [new(isProgram: true), new(isProgram: true), new(isProgram: false)];
        var bytes = owners.ToDictionary(owner => owner, _ => Enumerable.Repeat(LockKind.None, Bytes).ToArray());
        for (var step = 0; step < steps; step++)
        {
            var first = random.Next(Bytes);
            var wanted = new RecordLock(owners[random.Next(owners.Length)], new LockRange(first, random.Next(first, Bytes)), (LockKind)random.Next(3));
            var isInTheWay = bytes.Any(owner => owner.Key != wanted.Owner && BytesOf(wanted).Any(place => (wanted.Kind, owner.Value[place]) is
                (LockKind.Exclusive, not LockKind.None) or (LockKind.Shared, LockKind.Exclusive)));
            Assert.Equal(isInTheWay ? Errno.EAGAIN : Errno.None, locks.TrySet(wanted));
            if (!isInTheWay)
                BytesOf(wanted).ToList().ForEach(place => bytes[wanted.Owner][place] = wanted.Kind);
            var all = locks.InTheWayOf(new RecordLock(new LockOwner(isProgram: true), new LockRange(0, long.MaxValue), LockKind.Exclusive)).ToList();
            foreach (var owner in owners)
            {
                var held = all.Where(held => held.Owner == owner).ToList();
                Assert.Equal(bytes[owner], Enumerable.Range(0, Bytes).Select(place => held.SingleOrDefault(held => BytesOf(held).Contains(place))?.Kind ?? LockKind.None));
                Assert.DoesNotContain(held, one => held.Exists(other => one != other && one.Kind == other.Kind && one.Range.Touches(other.Range)));
            }

            if (isOfHost)
            {
                var strongest = Enumerable.Range(0, Bytes).Select(place => bytes.Values.Min(owner => owner[place] == LockKind.None ? (2, LockKind.None) : (1 - (int)owner[place], owner[place])).Item2);
                Assert.Equal(strongest, Enumerable.Range(0, Bytes).Select(place => others.Find(LockKind.Exclusive, new LockRange(place, place))?.Kind ?? LockKind.None));
            }
        }

        foreach (var owner in owners)
            locks.Release(owner);
        Assert.Null(others.Find(LockKind.Exclusive, new LockRange(0, long.MaxValue)));
    }

    private static HostLocks Open(SafeFileHandle file) => HostLocks.Open(file, FileOpening.Read | FileOpening.Write)!;

    private static IEnumerable<int> BytesOf(RecordLock held) => Enumerable.Range((int)held.Range.First, (int)(held.Range.Last - held.Range.First + 1));
}
