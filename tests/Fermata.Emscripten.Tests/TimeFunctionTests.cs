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

    [Theory]
    [InlineData("2024-02-29 12:34:56", "%Y-%m-%d %H:%M:%S", 19, new[] { 56, 34, 12, 29, 1, 124, 4, 59, 7, 7 })]
    [InlineData("2024-02-29T12:34:56+01:30rest", "%FT%T%z", 25, new[] { 56, 34, 12, 29, 1, 124, 4, 59, 7, 5400 })]
    [InlineData("-0800", "%z", 5, new[] { 7, 7, 7, 7, 7, 7, 7, 7, 7, -28800 })]
    [InlineData("Thu Feb  9 01:02:03 2023", "%c", 24, new[] { 3, 2, 1, 9, 1, 123, 4, 39, 7, 7 })]
    [InlineData("THURSDAY, 9 february 23 12:05 am", "%A, %d %B %y %I:%M %p", 32, new[] { 7, 5, 0, 9, 1, 123, 4, 39, 7, 7 })]
    [InlineData("12 pm 68 CEST", "%I %p %y %Z", 13, new[] { 7, 7, 12, 7, 7, 168, 7, 7, 7, 7 })]
    [InlineData("2024/366", "%Y/%j", 8, new[] { 7, 7, 7, 31, 11, 124, 2, 365, 7, 7 })]
    [InlineData("20 70", "%C %y", 5, new[] { 7, 7, 7, 7, 7, 170, 7, 7, 7, 7 })]
    [InlineData("2012/2/30", "%Y/%m/%d", 9, new[] { 7, 7, 7, 30, 1, 112, 7, 7, 7, 7 })]
    [InlineData("5%x", " %Od%%", 2, new[] { 7, 7, 7, 5, 7, 7, 7, 7, 7, 7 })]
    [InlineData("é1", "é%e", 3, new[] { 7, 7, 7, 1, 7, 7, 7, 7, 7, 7 })]
    [InlineData("", "", 0, new[] { 7, 7, 7, 7, 7, 7, 7, 7, 7, 7 })]
    [InlineData("2023", "%Y%", null, null)]
    [InlineData("2023", "%E", null, null)]
    [InlineData("24", "%H", null, null)]
    [InlineData("0", "%d", null, null)]
    [InlineData("Foo", "%a", null, null)]
    [InlineData("1-2", "%d/%m", null, null)]
    [InlineData("1", "%d %m", null, null)]
    [InlineData("1", "%Q", null, null)]
    public async Task TimesAreReadAsAFormatSays(string text, string format, int? length, int[]? fields)
    {
        await using var program = await StartAsync("strptime");
        for (var index = 0; index < 10; index++)
            program.Memory.Write(Fields + (index * 4), 7);

        var end = await program.CallAsync("strptime", program.Text(text), program.Text(format, 2048), Fields);

        Assert.Equal(length is null ? 0 : 1024 + length, end);
        Assert.Equal(fields ?? [.. Enumerable.Repeat(7, 10)], Read(program));
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
