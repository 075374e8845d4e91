namespace Fermata.Text;

/// <summary>A way to see 128 bits as lanes (section 2.4.9 "Vector Instructions").</summary>
internal sealed record VectorShape(string Name, int LaneWidth, bool IsFloat)
{
    private static readonly VectorShape[] All =
    [
        new("i8x16", 8, false),
        new("i16x8", 16, false),
        new("i32x4", 32, false),
        new("i64x2", 64, false),
        new("f32x4", 32, true),
        new("f64x2", 64, true),
    ];

    public int Lanes => 128 / LaneWidth;

    public static VectorShape? Find(string name) => Array.Find(All, shape => shape.Name == name);
}
