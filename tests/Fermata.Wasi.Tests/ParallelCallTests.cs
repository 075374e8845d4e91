using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Fermata.Wasi.Tests;

/// <summary>Many calls of one instance of C code that wait at once, each with the results of WASI on its C stack.</summary>
public sealed class ParallelCallTests
{
    private const int Calls = 200;

    public static TheoryData<ShadowStackPolicy, bool> Ways()
    {
        var ways = new TheoryData<ShadowStackPolicy, bool>();
        foreach (var policy in new[] { ShadowStackPolicy.CopyOnConflict, ShadowStackPolicy.Copy, ShadowStackPolicy.Separate })
        {
            ways.Add(policy, false);
            ways.Add(policy, true);
        }

        return ways;
    }

    [NpmTheory]
    [MemberData(nameof(Ways))]
    public async Task Each_reads_what_is_its(ShadowStackPolicy policy, bool suspendsEverywhere)
    {
        var pipe = new Pipe();
        await using var guest = await LibraryGuest.CreateAsync(policy, suspendsEverywhere, new WasiBuilder().WithInput(pipe.Reader));
        var read = guest.Find<Func<int, Task<int>>>("read_number");
        var calls = Enumerable.Range(0, Calls).Select(read).ToArray();
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        var number = new byte[4];
        for (var i = 0; i < Calls; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, i);
            await pipe.Writer.WriteAsync(number);
        }

        Assert.Equal(Enumerable.Range(0, Calls), (await Task.WhenAll(calls)).Order());
    }

    [NpmTheory]
    [MemberData(nameof(Ways))]
    public async Task Each_wakes_with_its_event(ShadowStackPolicy policy, bool suspendsEverywhere)
    {
        await using var guest = await LibraryGuest.CreateAsync(policy, suspendsEverywhere, new WasiBuilder());
        var sleep = guest.Find<Func<int, int, Task<int>>>("sleep_for");
        var calls = Enumerable.Range(0, Calls).Select(i => sleep(i, i * 7 % 50)).ToArray();
        Assert.Equal(Enumerable.Range(0, Calls), await Task.WhenAll(calls));
    }

    [NpmTheory]
    [MemberData(nameof(Ways))]
    public async Task Each_writes_its_own(ShadowStackPolicy policy, bool suspendsEverywhere)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 8, resumeWriterThreshold: 4));
        await using var guest = await LibraryGuest.CreateAsync(policy, suspendsEverywhere, new WasiBuilder().WithOutput(pipe.Writer));
        var write = guest.Find<Func<int, Task<int>>>("write_number");
        var calls = Enumerable.Range(0, Calls).Select(write).ToArray();
        Assert.Contains(calls, call => !call.IsCompleted);
        var written = new List<int>();
        var bytes = new byte[4];
        var reader = pipe.Reader.AsStream();
        for (var i = 0; i < Calls; i++)
        {
            await reader.ReadExactlyAsync(bytes);
            written.Add(BinaryPrimitives.ReadInt32LittleEndian(bytes));
        }

        Assert.Equal(Enumerable.Range(0, Calls), await Task.WhenAll(calls));
        Assert.Equal(Enumerable.Range(0, Calls), written.Order());
    }

    [NpmTheory]
    [MemberData(nameof(Ways))]
    public async Task Each_goes_on_where_it_gave_way(ShadowStackPolicy policy, bool suspendsEverywhere)
    {
        await using var guest = await LibraryGuest.CreateAsync(policy, suspendsEverywhere, new WasiBuilder());
        var giveWay = guest.Find<Func<int, Task<int>>>("give_way");
        Assert.Equal(Enumerable.Range(0, Calls), await Task.WhenAll(Enumerable.Range(0, Calls).Select(giveWay)));
    }

    /// <summary>An instance of the library of <c>parallel.c</c>.</summary>
    private sealed class LibraryGuest(Store store, WasiContext context, Instance instance) : IAsyncDisposable
    {
        public static async Task<LibraryGuest> CreateAsync(ShadowStackPolicy policy, bool suspendsEverywhere, WasiBuilder builder)
        {
            var engine = new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere });
            var store = new Store(engine, new StoreOptions { ShadowStack = policy });
            var context = await builder.BuildAsync();
            store.SetData(context);
            var instance = await new Linker(engine).DefineWasi().InstantiateAsync(store, GuestPrograms.Load(engine, "parallel"));
            await instance.GetFunction("_initialize").InvokeAsync([]);
            return new LibraryGuest(store, context, instance);
        }

        public T Find<T>(string name)
            where T : Delegate => instance.GetFunction<T>(name);

        public async ValueTask DisposeAsync()
        {
            await store.DisposeAsync();
            await context.DisposeAsync();
        }
    }
}
