using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Fermata.Durable.Tests;

/// <summary>The host as a service of an application.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task ItStartsAndStopsWithTheApplicationAndTellsHowItIs()
    {
        using var database = TestDatabase.Open("SQLite");
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        DurableModule? module = null;
        builder.Services.AddFermataDurable(new DurableHostOptions { Database = database.Database }, async (services, host) =>
        {
            Assert.NotNull(services.GetService<IHostEnvironment>());
            host.Define("shop", "ask", (DurableCall _, int value) => Task.FromResult(value + 1));
            module = await host.AddModuleAsync(
                Module.Parse(new Engine(), """(import "shop" "ask" (func $ask (param i32) (result i32))) (func (export "run") (result i32) (call $ask (i32.const 41)))""").ToBytes(), "service");
        });
        using var application = builder.Build();
        var accessor = application.Services.GetRequiredService<DurableHostAccessor>();
        Assert.Equal("The durable host starts with the application, which has not started yet.", Assert.Throws<InvalidOperationException>(() => accessor.Host).Message);
        var health = application.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries["fermata-durable"].Status);
        await application.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["fermata-durable"].Status);
        await accessor.Host.StartCallAsync("a", module!, "run", []);
        Assert.Equal([42], await accessor.Host.GetResultsAsync("a").WaitAsync(TimeSpan.FromMinutes(5)));
        await application.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries["fermata-durable"].Status);
    }
}
