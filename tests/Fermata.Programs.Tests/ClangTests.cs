namespace Fermata.Programs.Tests;

/// <summary>
/// Clang and its linker, whose files Node's WASI reads wrongly, as those of all programs for <c>wasi_unstable</c>: what is compared is what the compiled program prints.
/// </summary>
public sealed class ClangTests(ClangTests.Compiler compiler, ClangTests.Linker linker) : IClassFixture<ClangTests.Compiler>, IClassFixture<ClangTests.Linker>
{
    [NpmFact(IsHeavy = true)]
    public async Task Compiles_and_links_a_program_that_runs() => await CompileAndLinkAsync(suspendsEverywhere: false);

    [NpmFact(IsLong = true)]
    public async Task Suspended_at_every_call() => await CompileAndLinkAsync(suspendsEverywhere: true);

    private async Task CompileAndLinkAsync(bool suspendsEverywhere)
    {
        var work = new MemoryFileSystem();
        work.AddText("program.c", """
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>

            static int compare(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

            int main(int count, char **arguments)
            {
                double sum = 0;
                for (int i = 1; i < 1000; i++)
                    sum += 1.0 / i / i;
                qsort(arguments + 1, count - 1, sizeof *arguments, compare);
                printf("%.6f %s %s\n", sum, arguments[1], arguments[count - 1]);
                return 42;
            }
            """);
        Assert.Equal(new Outcome(0, "", ""), await compiler.RunInAsync(work, suspendsEverywhere));
        Assert.Equal(new Outcome(0, "", ""), await linker.RunInAsync(work, suspendsEverywhere));
        var program = new WasiProgram(Module.Load(new Engine(), work.ReadFile("program.wasm")));
        Assert.Equal(new Outcome(42, "1.643934 a c\n", ""), await NpmProgram.RunAsync(new WasiBuilder().WithArguments("b", "c", "a"), program));
    }

    public sealed class Compiler() : NpmProgram("clang");

    public sealed class Linker() : NpmProgram("wasm-ld");
}
