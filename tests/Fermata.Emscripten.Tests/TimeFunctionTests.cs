namespace Fermata.Emscripten.Tests;

public sealed class TimeFunctionTests
{
    private const int Fields = 4096;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone(
        "Test", TimeSpan.FromHours(1), "Test", "Standard", "Summer",
        [TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), 4, 1), TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 1))]);

    private static Task<ForwardingProgram> StartAsync(params string[] names) => ForwardingProgram.StartAsync(new EmscriptenHost().WithTimeZone(Zone), names);

    private static int[] Read(ForwardingProgram program) => [.. Enumerable.Range(0, 10).Select(index => program.Memory.Read<int>(Fields + (index * 4)))];

    [Fact]
    public async Task TimesAreToldInUtcAndInTheTimeZone()
    {
        await using var program = await StartAsync("_gmtime_js", "_localtime_js");
        await program.SucceedAsync("_gmtime_js", 1_709_210_096L, Fields);
        Assert.Equal([56, 34, 12, 29, 1, 124, 4, 59, 0, 0], Read(program));
        await program.SucceedAsync("_localtime_js", 1_709_210_096L, Fields);
        Assert.Equal([56, 34, 13, 29, 1, 124, 4, 59, 0, 3600], Read(program));
        await program.SucceedAsync("_localtime_js", 1_720_000_000L, Fields);
        Assert.Equal([40, 46, 11, 3, 6, 124, 3, 184, 1, 7200], Read(program));
        await program.SucceedAsync("_gmtime_js", -1L, Fields);
        Assert.Equal([59, 59, 23, 31, 11, 69, 3, 364, 0, 0], Read(program));
        Assert.Equal((int)Errno.EOVERFLOW, await program.CallAsync("_gmtime_js", long.MaxValue, Fields));
    }

    [Theory]
    [InlineData(new[] { 40, 46, 11, 3, 6, 124, 0, 0, -1 }, 1_720_000_000)]
    [InlineData(new[] { 0, 0, 0, 0, 0, 124, 0, 0, -1 }, 1_703_977_200)]
    [InlineData(new[] { 3600, 0, 0, 32, 12, 123, 0, 0, -1 }, 1_706_745_600)]
    [InlineData(new[] { 0, 30, 2, 1, 9, 124, 0, 0, 1 }, 1_727_742_600)]
    [InlineData(new[] { 0, 30, 2, 1, 9, 124, 0, 0, 0 }, 1_727_746_200)]
    [InlineData(new[] { 0, 0, 0, 1, 0, 9000, 0, 0, 0 }, -1)]
    public async Task FieldsBeyondTheCalendarAreBroughtIntoIt(int[] fields, long time)
    {
        await using var program = await StartAsync("_mktime_js");
        for (var index = 0; index < fields.Length; index++)
            program.Memory.Write(Fields + (index * 4), fields[index]);
        Assert.Equal(time, (await program.ValueAsync("_mktime_js", Fields)).AsI64());
    }

    [Fact]
    public async Task FieldsAreTakenAsUtcToo()
    {
        await using var program = await StartAsync("_timegm_js");
        int[] fields = [56, 34, 12, 29, 1, 124, 0, 0, 0];
        foreach (var (index, field) in fields.Index())
            program.Memory.Write(Fields + (index * 4), field);
        Assert.Equal(1_709_210_096, (await program.ValueAsync("_timegm_js", Fields)).AsI64());
        Assert.Equal([56, 34, 12, 29, 1, 124, 4, 59, 0, 0], Read(program));
    }

    [Fact]
    public async Task TheTimeZoneIsToldWithNamesAsPosixHasThem()
    {
        await using var program = await StartAsync("_tzset_js");
        await program.CallAsync("_tzset_js", Fields, Fields + 4, Fields + 8, Fields + 40);
        Assert.Equal((-3600, 1), (program.Memory.Read<int>(Fields), program.Memory.Read<int>(Fields + 4)));
        Assert.Equal(("UTC+0100", "UTC+0200"), (program.Memory.ReadUtf8(Fields + 8), program.Memory.ReadUtf8(Fields + 40)));
    }
}
