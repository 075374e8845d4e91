using Fermata.Durable;
using Fermata.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

/// <summary>Durable calls on a silo.</summary>
public static class DurableSiloBuilderExtensions
{
    /// <summary>
    /// Has the silo run durable calls, by grains (<see cref="IDurableStoreGrain"/>), with its log, and a health check named <c>fermata-durable</c>. Reminders are in the same database unless another
    /// reminder table is added. The silo's <see cref="DurableHost"/>, by which modules are added and calls are listed, is had by <see cref="DurableHostAccessor"/> as soon as the silo has started.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="options">How the host works. Its log is that of the silo.</param>
    /// <param name="define">Defines its functions and adds its modules, before it starts: the same on all silos.</param>
    public static ISiloBuilder AddFermataDurable(this ISiloBuilder builder, DurableHostOptions options, Func<IServiceProvider, DurableHost, Task> define)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDurableHost(options, define, takes: false);
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, DurableSilo>();
        builder.AddReminders();
        builder.Services.TryAddSingleton<IReminderTable, DurableReminderTable>();
        return builder;
    }
}
