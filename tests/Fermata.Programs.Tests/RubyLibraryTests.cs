namespace Fermata.Programs.Tests;

public sealed class RubyLibraryTests(RubyLibraryTests.Library library) : IClassFixture<RubyLibraryTests.Library>
{
    /// <summary>What the package's own JavaScript prints for these under Node. Ruby jumps with Asyncify inside of the module, while Fermata suspends the module.</summary>
    [NpmTheory(IsHeavy = true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Evaluates_what_it_evaluates_in_Node(bool alwaysSuspends, bool suspendsEverywhere)
    {
        var module = suspendsEverywhere ? Library.Load(suspendEverywhere: true) : library.Module;
        await using var ruby = await RubyVm.StartAsync(module, new StoreOptions { AlwaysSuspend = alwaysSuspends, CallsSuspendingImportsSynchronously = true });
        Assert.Equal((0, "3.4.1"), await ruby.EvaluateAsync("RUBY_VERSION"));
        Assert.Equal((0, "[1, 4, 9]"), await ruby.EvaluateAsync("[1, 2, 3].map { |x| x * x }"));
        Assert.Equal(
            (0, "[2, 20, :done, false]"),
            await ruby.EvaluateAsync("f = Fiber.new { |x| y = Fiber.yield(x + 1); Fiber.yield(y * 2); :done }; [f.resume(1), f.resume(10), f.resume, f.alive?]"));
        Assert.Equal((0, "1000"), await ruby.EvaluateAsync("def deep(n) = n == 0 ? 0 : 1 + deep(n - 1); deep(1000)"));
        Assert.Equal((0, "divided by 0"), await ruby.EvaluateAsync("begin; 1 / 0; rescue => e; e.message; end"));
        Assert.Equal((RubyVm.Raised, "bad"), await ruby.EvaluateAsync("raise ArgumentError, 'bad'"));
        Assert.Equal((0, "slept"), await ruby.EvaluateAsync("$fiber = Fiber.new { sleep 0.01; 'slept' }; $fiber.resume"));
    }

    public sealed class Library
    {
        private readonly Lazy<Module> _module = new(() => Load(suspendEverywhere: false));

        public Module Module => _module.Value;

        public static Module Load(bool suspendEverywhere) => Module.LoadFile(
            ProgramEngine.New(suspendEverywhere),
            NpmProgram.Packages["@ruby/3.4-wasm-wasi", Path.Combine("dist", "ruby.wasm")]);
    }
}
