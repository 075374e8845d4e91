namespace Fermata.Python.Views;

/// <summary>What Python can do with an object of .NET. The numbers are those of Pyodide, which makes a type of Python for each combination.</summary>
[Flags]
internal enum HostTraits
{
    None = 0,
    Iterable = 1 << 0,
    Iterator = 1 << 1,
    HasLength = 1 << 2,
    HasGet = 1 << 3,
    HasSet = 1 << 4,
    HasHas = 1 << 5,
    HasIncludes = 1 << 6,
    Disposable = 1 << 7,
    AsyncDisposable = 1 << 8,
    Awaitable = 1 << 9,
    Buffer = 1 << 10,
    Callable = 1 << 11,
    Array = 1 << 12,
    TypedArray = 1 << 14,
    PythonObject = 1 << 15,
    AsyncIterable = 1 << 17,
    Generator = 1 << 18,
    AsyncGenerator = 1 << 19,
    AsyncIterator = 1 << 20,
    Error = 1 << 21,
}
