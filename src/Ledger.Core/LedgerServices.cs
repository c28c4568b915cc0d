using System.Collections.Immutable;
using Ledger.Core.Log;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Core;

/// <summary>Composes the ledger over an engine.</summary>
public static class LedgerServices
{
    /// <summary>Registers commands and queries (<see cref="IMediator"/>) over a log and the views kept from it.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, ILedgerLog log, IViewStore views)
    {
        services.AddSingleton(log);
        services.AddSingleton(views);
        services.AddSingleton<Appender>();
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddSingleton<IMediator, Mediator>();

        services.AddSingleton<IPipelineBehavior<Submit, Outcome<Receipt>>, Tracing<Submit, Outcome<Receipt>>>();
        services.AddSingleton<IPipelineBehavior<Submit, Outcome<Receipt>>, SubmitValidation>();
        services.AddSingleton<IRequestHandler<Submit, Outcome<Receipt>>, SubmitHandler>();

        services.AddQuery<ListRecords, Outcome<ViewPage>, RecordReader>();
        services.AddQuery<CountRecords, Outcome<long>, RecordReader>();
        services.AddQuery<FindRecord, Outcome<ViewRecord>, RecordReader>();
        services.AddQuery<AskChanges, Outcome<ChangeReport>, ChangesReader>();
        services.AddQuery<AskSearch, Outcome<SearchPage>, SearchReader>();
        services.AddQuery<AskLinks, Outcome<ImmutableArray<LinkRecord>>, LinksReader>();
        services.AddQuery<AskUndecided, Outcome<ImmutableArray<UndecidedProposal>>, UndecidedReader>();
        services.AddQuery<AskWhy, Outcome<ImmutableArray<WhyStep>>, WhyReader>();
        return services;
    }

    private static void AddQuery<TRequest, TResponse, THandler>(this IServiceCollection services)
        where TRequest : IRequest<TResponse>
        where THandler : class, IRequestHandler<TRequest, TResponse>
    {
        services.AddSingleton<IPipelineBehavior<TRequest, TResponse>, Tracing<TRequest, TResponse>>();
        services.AddSingleton<IRequestHandler<TRequest, TResponse>, THandler>();
    }
}
