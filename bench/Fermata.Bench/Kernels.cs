namespace Fermata.Bench;

/// <summary>The kernels, in the order of the table.</summary>
internal static class Kernels
{
    public static IReadOnlyList<Kernel> All { get; } =
    [
        new("indirect", 400, "calls through a table in a loop"),
        new("virtual", 150, "virtual calls as C++ compiles them"),
        new("sha256", 150, "SHA-256 of 64 KiB"),
        new("interpreter", 30, "an interpreter of bytecode, one switch in a loop"),
        new("simd-blur", 1000, "a blur of an image in vectors of 16 bytes"),
        new("simd-dot", 1000, "scalar products of vectors of float"),
        new("autovec", 1500, "loops that the compiler makes vector instructions of"),
        new("base64", 80, "base64 of 48 KiB, and back"),
        new("sieve", 300, "the primes below 65,536, found in short loops") { Text = "sieve" },
        new("hash-table", 50, "a hash table with open addressing"),
        new("trees", 10, "a binary search tree in arrays"),
        new("binary-trees", 25, "binary trees, allocated and freed node by node"),
        new("fannkuch", 20, "permutations, turned over"),
        new("matmul", 100, "products of matrices of double"),
        new("qsort", 20, "quicksort with a function for the comparison"),
        new("crc32", 200, "CRC-32 of 64 KiB, a byte at a time"),
        new("lz", 80, "compression of 64 KiB by references back, and decompression"),
        new("nbody", 500, "five bodies that attract each other"),
        new("mandelbrot", 30, "the Mandelbrot set"),
        new("spectral-norm", 80, "the spectral norm of a matrix"),
        new("memcpy", 2000, "copies and fills of 16 bytes to 64 KiB"),
        new("string-search", 12, "searches for words in 64 KiB of text"),
        new("json", 150, "JSON to a tree of nodes"),
        new("fft", 200, "the fast Fourier transform in float"),
        new("mix64", 1000, "multiplications, rotations and divisions of 64 bits"),
    ];
}
