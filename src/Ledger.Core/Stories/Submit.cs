using System.Diagnostics;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using MediatR;

namespace Ledger.Core.Stories;

/// <summary>Sends a command to a story. One handler serves every command: what it comes to is decided in <see cref="Story.Decide"/>.</summary>
/// <param name="Story">The story.</param>
/// <param name="Command">The command's id; sending it again returns the first receipt.</param>
/// <param name="Recorder">Who asks.</param>
/// <param name="Asked">What is asked.</param>
public sealed record Submit(StoryId Story, CommandId Command, Recorder Recorder, StoryCommand Asked) : IRequest<Outcome<Receipt>>;

internal sealed class SubmitHandler(Appender appender) : IRequestHandler<Submit, Outcome<Receipt>>
{
    public async Task<Outcome<Receipt>> Handle(Submit request, CancellationToken cancellationToken) =>
        await appender.AppendAsync(request.Story, request.Command, request.Recorder, request.Asked, cancellationToken).ConfigureAwait(false);
}

/// <summary>Refuses what no story could accept, before anything is loaded.</summary>
internal sealed class SubmitValidation : IPipelineBehavior<Submit, Outcome<Receipt>>
{
    public async Task<Outcome<Receipt>> Handle(Submit request, CancellationToken cancellationToken, RequestHandlerDelegate<Outcome<Receipt>> next) =>
        Check(request) is { } error ? error : await next().ConfigureAwait(false);

    private static LedgerError? Check(Submit request)
    {
        var recorder = request.Recorder;
        return recorder switch
        {
            _ when string.IsNullOrWhiteSpace(recorder.Name) => LedgerError.Refused("recorder-missing", "Every entry names who recorded it.", "Say who you are with --as."),
            _ when recorder.Name.Length > Recorder.MaxNameLength || recorder.OnBehalfOf?.Length > Recorder.MaxNameLength =>
                LedgerError.Refused("recorder-too-long", $"A recorder's name has at most {Recorder.MaxNameLength} characters."),
            _ when Texts.Problem(recorder.Name) is { } problem => LedgerError.Refused("text-not-valid", problem),
            { Kind: RecorderKind.Person, OnBehalfOf: not null } =>
                LedgerError.Refused("recorder-not-valid", "A person records in their own name; only a program or service acts for somebody."),
            _ when request.Story == StoryId.Reserved && request.Asked is not StoryCommand.RecordBody => LedgerError.Refused("story-reserved", "This story holds the ledger's own entries."),
            _ => null,
        };
    }
}

/// <summary>Traces every request as an activity of the source <c>Ledger</c> (OpenTelemetry picks it up by that name), with the error's code where it was refused.</summary>
internal sealed class Tracing<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var activity = LedgerTracing.Source.StartActivity(typeof(TRequest).Name);
        if (request is Submit submit)
        {
            activity?.SetTag("ledger.command.type", submit.Asked.GetType().Name);
        }

        try
        {
            var response = await next().ConfigureAwait(false);
            if (response is Outcome<Receipt> { Error: { } error })
            {
                activity?.SetStatus(ActivityStatusCode.Error, error.Code);
            }

            return response;
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
    }
}

/// <summary>The name under which requests are traced.</summary>
public static class LedgerTracing
{
    public const string SourceName = "Ledger";

    internal static readonly ActivitySource Source = new(SourceName);
}
