using System.Runtime.Intrinsics;
using System.Text;
using Fermata.Tests.Hosting;

namespace Fermata.Tests.Execution;

/// <summary><c>i8x16.shuffle</c> and <c>i8x16.swizzle</c>, which become different instructions depending on their lanes.</summary>
public sealed class VectorShuffleTests : IDisposable
{
    private static readonly Vector128<byte> First = Vector128.Create((byte)100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115);
    private static readonly Vector128<byte> Second = First + Vector128.Create((byte)100);

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Lanes_of_one_vector()
    {
        AssertShuffles(
        [
            .. Moves(16, 1), .. Moves(8, 2), .. Moves(4, 4), .. Moves(2, 8),
            .. Moves(16, 1).Select(FromSecond), .. Moves(8, 2).Select(FromSecond), .. Moves(4, 4).Select(FromSecond), .. Moves(2, 8).Select(FromSecond),
        ]);
    }

    [Fact]
    public void Lanes_in_turn_from_both_vectors()
    {
        var all = new List<byte[]>();
        foreach (int size in (int[])[1, 2, 4, 8])
        {
            int count = 16 / size;
            foreach (int start in (int[])[0, count / 2])
            {
                byte[] lanes = Widen([.. Enumerable.Range(0, count).Select(i => (byte)(start + (i / 2) + (i % 2 * count)))], size);
                all.AddRange([lanes, Swapped(lanes)]);
            }
        }

        AssertShuffles(all);
    }

    [Fact]
    public void Neighbouring_bytes_of_both_vectors()
    {
        var all = Enumerable.Range(0, 17).Select(start => Enumerable.Range(start, 16).Select(lane => (byte)lane).ToArray()).ToList();
        AssertShuffles([.. all, .. all.Select(Swapped)]);
    }

    [Fact]
    public void Each_lane_from_the_same_place_of_one_of_the_vectors()
    {
        var random = new Random(1);
        var all = new List<byte[]>();
        foreach (int size in (int[])[1, 2, 4, 8])
        {
            for (int n = 0; n < 8; n++)
                all.Add(Widen([.. Enumerable.Range(0, 16 / size).Select(i => (byte)(i + (random.Next(2) * 16 / size)))], size));
        }

        AssertShuffles(all);
    }

    [Fact]
    public void Two_lanes_of_each_vector()
    {
        var random = new Random(2);
        var all = Enumerable.Range(0, 32).Select(_ => Widen([.. Enumerable.Range(0, 4).Select(i => (byte)(random.Next(4) + (i / 2 * 4)))], 4)).ToList();
        AssertShuffles([.. all, .. all.Select(Swapped)]);
    }

    [Fact]
    public void Any_lanes()
    {
        var random = new Random(3);
        AssertShuffles([.. Enumerable.Range(0, 64).Select(_ => Enumerable.Range(0, 16).Select(_ => (byte)random.Next(32)).ToArray())]);
    }

    [Fact]
    public void Swizzles_give_zero_for_lanes_beyond()
    {
        var random = new Random(4);
        byte[][] all =
        [
            [.. Enumerable.Range(0, 16).Select(i => (byte)(15 - i))],
            [0, 15, 16, 17, 31, 32, 127, 128, 129, 143, 144, 240, 255, 14, 1, 112],
            .. Enumerable.Range(0, 16).Select(_ => Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256)).ToArray()),
        ];
        var text = new StringBuilder("(func (export \"variable\") (param v128 v128) (result v128) (i8x16.swizzle (local.get 0) (local.get 1)))");
        for (int i = 0; i < all.Length; i++)
        {
            text.Append($"(func (export \"{i}\") (param v128) (result v128) (i8x16.swizzle (local.get 0) (v128.const i8x16 {string.Join(' ', all[i])})))");
            text.Append($"(func (export \"r{i}\") (param v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (v128.const i8x16 {string.Join(' ', all[i])})))");
        }

        var instance = _guest.Instantiate($"(module {text})");
        var variable = instance.GetFunction<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>>>("variable");
        for (int i = 0; i < all.Length; i++)
        {
            var expected = Vector128.Create([.. all[i].Select(lane => lane < 16 ? First[lane] : (byte)0)]);
            Assert.Equal(expected, variable(First, Vector128.Create(all[i])));
            Assert.Equal(expected, instance.GetFunction<Func<Vector128<byte>, Vector128<byte>>>($"{i}")(First));
            Assert.Equal(expected, instance.GetFunction<Func<Vector128<byte>, Vector128<byte>>>($"r{i}")(First));
        }
    }

    /// <summary>Runs shuffles on two vectors, and on one vector twice.</summary>
    private void AssertShuffles(List<byte[]> all)
    {
        var text = new StringBuilder();
        for (int i = 0; i < all.Count; i++)
        {
            string lanes = string.Join(' ', all[i]);
            text.Append($"(func (export \"{i}\") (param v128 v128) (result v128) (i8x16.shuffle {lanes} (local.get 0) (local.get 1)))");
            text.Append($"(func (export \"same{i}\") (param v128) (result v128) (i8x16.shuffle {lanes} (local.get 0) (local.get 0)))");
        }

        var instance = _guest.Instantiate($"(module {text})");
        for (int i = 0; i < all.Count; i++)
        {
            Assert.Equal(Expected(all[i], Second), instance.GetFunction<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>>>($"{i}")(First, Second));
            Assert.Equal(Expected(all[i], First), instance.GetFunction<Func<Vector128<byte>, Vector128<byte>>>($"same{i}")(First));
        }
    }

    private static Vector128<byte> Expected(byte[] lanes, Vector128<byte> second) =>
        Vector128.Create([.. lanes.Select(lane => lane < 16 ? First[lane] : second[lane - 16])]);

    /// <summary>Some ways to move lanes of so many bytes about: none, one to all places, in reverse, and any.</summary>
    private static IEnumerable<byte[]> Moves(int count, int size)
    {
        var random = new Random(count);
        var lanes = Enumerable.Range(0, count).Select(lane => (byte)lane).ToArray();
        byte[][] narrow =
        [
            lanes,
            [.. lanes.Reverse()],
            [.. lanes.Select(_ => lanes[^1])],
            .. Enumerable.Range(0, 4).Select(_ => lanes.Select(_ => (byte)random.Next(count)).ToArray()),
        ];
        return narrow.Select(list => Widen(list, size));
    }

    private static byte[] Widen(byte[] lanes, int size) => [.. lanes.SelectMany(lane => Enumerable.Range(lane * size, size)).Select(lane => (byte)lane)];

    private static byte[] FromSecond(byte[] lanes) => [.. lanes.Select(lane => (byte)(lane + 16))];

    private static byte[] Swapped(byte[] lanes) => [.. lanes.Select(lane => (byte)((lane + 16) % 32))];
}
