"""Who may reach every address, written down apart from the policy that decides it."""

from dataclasses import dataclass

EVERYBODY = frozenset({"visitor", "stakeholder", "mag_member", "facilitator", "secretariat"})
SIGNED_IN = EVERYBODY - {"visitor"}
VISITORS = EVERYBODY - SIGNED_IN
VOTERS = frozenset({"stakeholder"})
CURATORS = frozenset({"mag_member"})
FACILITATORS = frozenset({"facilitator"})
SECRETARIAT = frozenset({"secretariat"})


@dataclass(frozen=True)
class Access:
    """An address to try, who may do what it is for, and what they are answered.

    For acts the form is empty, so the answer says that nothing was done, or that the act needs
    nothing but its button. `others` is what everybody else is answered.
    """

    path: str
    who: frozenset[str] = EVERYBODY
    answer: int = 200
    others: int = 403


TABLE = {
    # Reading
    "GET /": Access("/"),
    "GET /about": Access("/about"),
    "GET /accessibility": Access("/accessibility"),
    "GET /arguments/<argument_id>": Access("/arguments/{argument}"),
    "GET /assets/<digest>/<name>": Access("/assets/0/app.css", answer=404),
    "GET /comments/<comment_id>": Access("/comments/{comment}", answer=302),
    "GET /curation-log": Access("/curation-log"),
    "GET /deliberations": Access("/deliberations"),
    "GET /deliberations/<deliberation_id>": Access("/deliberations/{open}"),
    "GET /deliberations/<deliberation_id>/arguments": Access("/deliberations/{open}/arguments"),
    "GET /deliberations/<deliberation_id>/arguments/waived": Access(
        "/deliberations/{open}/arguments/waived"
    ),
    "GET /deliberations/<deliberation_id>/dates.ics": Access("/deliberations/{open}/dates.ics"),
    "GET /deliberations/<deliberation_id>/feed.atom": Access("/deliberations/{open}/feed.atom"),
    "GET /sessions/<slug>/feed.atom": Access("/sessions/{slug}/feed.atom"),
    "GET /deliberations/<deliberation_id>/frozen.json": Access("/deliberations/{open}/frozen.json"),
    "GET /deliberations/<deliberation_id>/gardening": Access("/deliberations/{open}/gardening"),
    "GET /deliberations/<deliberation_id>/results.csv": Access(
        "/deliberations/{closed}/results.csv"
    ),
    "GET /deliberations/<deliberation_id>/results.json": Access(
        "/deliberations/{closed}/results.json"
    ),
    "GET /healthz": Access("/healthz"),
    "GET /outputs/<output_id>": Access("/outputs/{output}", answer=302),
    "GET /points/<point_id>/responses": Access("/points/{closed_point}/responses"),
    "GET /polls/<poll_id>": Access("/polls/{open_poll}"),
    "GET /polls/<poll_id>/ballot": Access("/polls/{open_poll}/ballot", answer=302),
    "GET /polls/<poll_id>/chart.json": Access("/polls/{closed_poll}/chart.json"),
    "GET /polls/<poll_id>/receipt": Access("/polls/{open_poll}/receipt", VOTERS, others=303),
    "GET /polls/<poll_id>/withdrawal": Access("/polls/{open_poll}/withdrawal", VOTERS, others=303),
    "GET /polls/<poll_id>/receipts": Access("/polls/{closed_poll}/receipts"),
    "GET /polls/<poll_id>/results": Access("/polls/{closed_poll}/results"),
    "GET /polls/<poll_id>/results.csv": Access("/polls/{closed_poll}/results.csv"),
    "GET /polls/<poll_id>/results.json": Access("/polls/{closed_poll}/results.json"),
    "GET /proposals/<proposal_id>/mentions": Access("/proposals/{proposal}/mentions"),
    "GET /proposals/<proposal_id>": Access("/proposals/{proposal}"),
    "GET /proposals/<proposal_id>/versions": Access("/proposals/{proposal}/versions"),
    "GET /proposals/<proposal_id>/versions/<number>": Access("/proposals/{proposal}/versions/1"),
    "GET /questions": Access("/questions"),
    "GET /questions.csv": Access("/questions.csv"),
    "GET /questions/<question_id>": Access("/questions/{question}", answer=302),
    "GET /readyz": Access("/readyz"),
    "GET /search": Access("/search?q=lanterns"),
    "GET /sessions": Access("/sessions"),
    "GET /sessions/<slug>": Access("/sessions/{slug}"),
    "GET /sessions/<slug>/original": Access("/sessions/{slug}/original"),
    "GET /sessions/<slug>/revisions": Access("/sessions/{slug}/revisions"),
    "GET /sessions/<slug>/revisions/<number>/original": Access(
        "/sessions/{slug}/revisions/1/original"
    ),
    "GET /sessions/<slug>/source": Access("/sessions/{slug}/source"),
    "GET /sessions/<slug>/source.txt": Access("/sessions/{slug}/source.txt"),
    "GET /timetable": Access("/timetable"),
    "GET /summaries": Access("/summaries"),
    "GET /summaries/<summary_id>/editions/<number>": Access("/summaries/{summary}/editions/1"),
    "GET /summaries/<summary_id>/editions/<number>.json": Access(
        "/summaries/{summary}/editions/1.json"
    ),
    # Accounts
    "GET /account": Access("/account", SIGNED_IN, others=303),
    "GET /register": Access("/register", VISITORS, others=303),
    "POST /register": Access("/register", answer=422),
    "GET /sign-in": Access("/sign-in", VISITORS, others=303),
    "POST /sign-in": Access("/sign-in", answer=422),
    "GET /sign-in/second-step": Access("/sign-in/second-step", answer=303),
    "POST /sign-in/second-step": Access("/sign-in/second-step", answer=303),
    "GET /invitations/<token>": Access("/invitations/{invitation_token}", VISITORS),
    "POST /invitations/<token>": Access("/invitations/{invitation_token}", VISITORS, 422),
    "GET /account/organisation": Access("/account/organisation", SIGNED_IN, others=303),
    # An empty form means that one speaks for no organisation.
    "POST /account/organisation": Access("/account/organisation", SIGNED_IN, 303),
    "GET /account/removal": Access("/account/removal", SIGNED_IN, others=303),
    "POST /account/removal": Access("/account/removal", SIGNED_IN, 422),
    "GET /account/second-step": Access("/account/second-step", SIGNED_IN, others=303),
    "POST /account/second-step": Access("/account/second-step", SIGNED_IN, 422),
    "POST /account/second-step/confirmation": Access(
        "/account/second-step/confirmation", SIGNED_IN, 422
    ),
    "POST /account/second-step/recovery-codes": Access(
        "/account/second-step/recovery-codes", SIGNED_IN, 422
    ),
    "POST /account/second-step/removal": Access("/account/second-step/removal", SIGNED_IN, 422),
    # Mail
    "GET /confirmations/<token>": Access("/confirmations/{confirmation_token}"),
    "POST /confirmations/<token>": Access("/confirmations/{confirmation_token}", answer=303),
    "POST /account/mail/confirmation": Access("/account/mail/confirmation", SIGNED_IN, 303),
    "POST /account/mail/resumption": Access("/account/mail/resumption", SIGNED_IN, 303),
    "GET /account/password": Access("/account/password", SIGNED_IN, others=303),
    "POST /account/password": Access("/account/password", SIGNED_IN, 422),
    "GET /forgotten-password": Access("/forgotten-password"),
    "POST /forgotten-password": Access("/forgotten-password", answer=422),
    "GET /new-password/<token>": Access("/new-password/{new_password_token}"),
    "POST /new-password/<token>": Access("/new-password/{new_password_token}", answer=422),
    "GET /unsubscribe/<stop_key>/<stream>": Access("/unsubscribe/{stop_key}/activity"),
    "POST /unsubscribe/<stop_key>/<stream>": Access("/unsubscribe/{stop_key}/digest", answer=303),
    "GET /inbox": Access("/inbox", SIGNED_IN, others=303),
    "POST /inbox/reading": Access("/inbox/reading", SIGNED_IN, 303),
    "GET /following/<subject>": Access("/following/discussion:{open}", SIGNED_IN, others=303),
    "POST /following/<subject>": Access("/following/proposal:{proposal}", SIGNED_IN, 422),
    "GET /account/mail": Access("/account/mail", SIGNED_IN, others=303),
    "POST /account/mail": Access("/account/mail", SIGNED_IN, 422),
    "GET /outbox": Access("/outbox"),
    "GET /outbox/<mail_id>": Access("/outbox/{mail}"),
    "GET /outbox/<mail_id>/html": Access("/outbox/{mail}/html"),
    # Taking part
    "GET /deliberations/<deliberation_id>/comments/new": Access(
        "/deliberations/{open}/comments/new", SIGNED_IN
    ),
    "POST /deliberations/<deliberation_id>/comments/preview": Access(
        "/deliberations/{open}/comments/preview", SIGNED_IN, 422
    ),
    "GET /comments/<comment_id>/history": Access("/comments/{comment}/history"),
    "GET /comments/<comment_id>/revision": Access("/comments/{comment}/revision", VOTERS),
    "POST /comments/<comment_id>/revision": Access("/comments/{comment}/revision", VOTERS, 422),
    "POST /comments/<comment_id>/retraction": Access("/comments/{comment}/retraction", VOTERS, 303),
    "POST /comments/<comment_id>/reaction": Access(
        "/comments/{comment}/reaction", SIGNED_IN - VOTERS, 422
    ),
    "POST /deliberations/<deliberation_id>/visit": Access(
        "/deliberations/{open}/visit", SIGNED_IN, 303
    ),
    "POST /deliberations/<deliberation_id>/comments/draft": Access(
        "/deliberations/{open}/comments/draft", SIGNED_IN, 422
    ),
    "POST /comment-drafts/<draft_id>/removal": Access(
        "/comment-drafts/{comment_draft}/removal", VOTERS, 303, others=404
    ),
    "POST /deliberations/<deliberation_id>/comments": Access(
        "/deliberations/{open}/comments", SIGNED_IN, 422
    ),
    "GET /deliberations/<deliberation_id>/proposals/new": Access(
        "/deliberations/{open}/proposals/new", SIGNED_IN
    ),
    "POST /deliberations/<deliberation_id>/proposals": Access(
        "/deliberations/{open}/proposals", SIGNED_IN, 422
    ),
    "GET /proposals/<proposal_id>/versions/new": Access(
        "/proposals/{proposal}/versions/new", VOTERS
    ),
    "POST /proposals/<proposal_id>/versions": Access("/proposals/{proposal}/versions", VOTERS, 422),
    # Of a draft nobody else learns whether there is one.
    "GET /proposal-drafts/<draft_id>": Access("/proposal-drafts/{own_draft}", VOTERS, others=404),
    "GET /proposal-drafts/<draft_id>/preview": Access(
        "/proposal-drafts/{own_draft}/preview", VOTERS, others=404
    ),
    "POST /proposal-drafts/<draft_id>/publication": Access(
        "/proposal-drafts/{own_draft}/publication", VOTERS, 422, others=404
    ),
    "POST /proposal-drafts/<draft_id>/removal": Access(
        "/proposal-drafts/{spare_own_draft}/removal", VOTERS, 303, others=404
    ),
    "GET /proposals/<proposal_id>/amendments": Access("/proposals/{proposal}/amendments"),
    "GET /proposals/<proposal_id>/amendments/new": Access(
        "/proposals/{proposal}/amendments/new", SIGNED_IN - VOTERS
    ),
    "POST /proposals/<proposal_id>/amendments": Access(
        "/proposals/{proposal}/amendments", SIGNED_IN - VOTERS, 422
    ),
    "GET /amendments/<amendment_id>": Access("/amendments/{amendment}"),
    "GET /amendments/<amendment_id>/acceptance": Access(
        "/amendments/{amendment}/acceptance", VOTERS
    ),
    "POST /amendments/<amendment_id>/acceptance": Access(
        "/amendments/{amendment}/acceptance", VOTERS, 422
    ),
    "POST /amendments/<amendment_id>/rejection": Access(
        "/amendments/{amendment}/rejection", VOTERS, 422
    ),
    "POST /amendments/<amendment_id>/alternative": Access(
        "/amendments/{amendment_to_stand}/alternative", VOTERS, 303
    ),
    "POST /amendments/<amendment_id>/withdrawal": Access(
        "/amendments/{own_amendment}/withdrawal", VOTERS, 303
    ),
    "POST /proposals/<proposal_id>/sponsors": Access("/proposals/{proposal}/sponsors", VOTERS, 422),
    "POST /proposals/<proposal_id>/sponsors/<person_id>/removal": Access(
        "/proposals/{proposal}/sponsors/{invited_person}/removal", VOTERS, 303
    ),
    "POST /proposals/<proposal_id>/sponsorship": Access(
        "/proposals/{sponsored}/sponsorship", VOTERS, 422
    ),
    "POST /proposals/<proposal_id>/sponsorship/end": Access(
        "/proposals/{sponsored}/sponsorship/end", VOTERS, 303
    ),
    "GET /proposals/<proposal_id>/combination": Access(
        "/proposals/{proposal}/combination", VOTERS | FACILITATORS
    ),
    "GET /proposals/<proposal_id>/split": Access(
        "/proposals/{proposal}/split", VOTERS | FACILITATORS
    ),
    "POST /proposals/<proposal_id>/recasting": Access(
        "/proposals/{proposal}/recasting", VOTERS | FACILITATORS, 422
    ),
    "GET /recastings/<recasting_id>": Access("/recastings/{recasting}"),
    "POST /recastings/<recasting_id>/consent": Access(
        "/recastings/{recasting}/consent", VOTERS, 303
    ),
    "POST /recastings/<recasting_id>/refusal": Access(
        "/recastings/{recasting_to_decline}/refusal", VOTERS, 422
    ),
    "POST /recastings/<recasting_id>/withdrawal": Access(
        "/recastings/{own_recasting}/withdrawal", VOTERS, 303
    ),
    "POST /points/<point_id>/response": Access("/points/{point}/response", VOTERS, 422),
    "POST /proposals/<proposal_id>/rating": Access("/proposals/{proposal}/rating", VOTERS, 422),
    "POST /proposals/<proposal_id>/withdrawal": Access(
        "/proposals/{proposal}/withdrawal", VOTERS, 303
    ),
    "GET /sessions/<slug>/suggestions": Access("/sessions/{slug}/suggestions"),
    "POST /sessions/<slug>/suggestions": Access("/sessions/{slug}/suggestions", SIGNED_IN, 422),
    "POST /suggestions/<suggestion_id>/withdrawal": Access(
        "/suggestions/{suggestion}/withdrawal", VOTERS, 303
    ),
    "POST /polls/<poll_id>/withdrawal": Access("/polls/{open_poll}/withdrawal", VOTERS, 303),
    "POST /polls/<poll_id>/ballot": Access("/polls/{open_poll}/ballot", VOTERS, 422),
    # Moderation
    "GET /moderation/rules": Access("/moderation/rules"),
    "GET /moderation/log": Access("/moderation/log"),
    "GET /moderation/log.csv": Access("/moderation/log.csv"),
    "GET /account/moderation": Access("/account/moderation", SIGNED_IN, others=303),
    "GET /comments/<item_id>/flag": Access("/comments/{reported}/flag", SIGNED_IN, others=303),
    "POST /comments/<item_id>/flag": Access("/comments/{reported}/flag", SIGNED_IN, 422),
    "GET /proposals/<item_id>/flag": Access(
        "/proposals/{proposal}/flag", SIGNED_IN - VOTERS, others=303
    ),
    "POST /proposals/<item_id>/flag": Access("/proposals/{proposal}/flag", SIGNED_IN - VOTERS, 422),
    "POST /flags/<flag_id>/withdrawal": Access("/flags/{flag}/withdrawal", VOTERS, 303, 404),
    # Only the author learns what a moderator said.
    "GET /comments/<item_id>/moderation": Access(
        "/comments/{comment}/moderation", VOTERS, others=404
    ),
    "GET /proposals/<item_id>/moderation": Access(
        "/proposals/{proposal}/moderation", VOTERS, others=404
    ),
    "POST /comments/<item_id>/appeal": Access("/comments/{comment}/appeal", VOTERS, 422, 404),
    "POST /proposals/<item_id>/appeal": Access("/proposals/{proposal}/appeal", VOTERS, 422, 404),
    "GET /moderation": Access("/moderation", FACILITATORS),
    "POST /moderation": Access("/moderation", FACILITATORS, 422),
    "GET /moderation/comments/<item_id>": Access("/moderation/comments/{hidden}", FACILITATORS),
    "POST /moderation/comments/<item_id>": Access(
        "/moderation/comments/{hidden}", FACILITATORS, 422
    ),
    "GET /moderation/proposals/<item_id>": Access("/moderation/proposals/{proposal}", FACILITATORS),
    "POST /moderation/proposals/<item_id>": Access(
        "/moderation/proposals/{proposal}", FACILITATORS, 422
    ),
    "GET /deliberations/<deliberation_id>/premoderation": Access(
        "/deliberations/{open}/premoderation", FACILITATORS
    ),
    "POST /deliberations/<deliberation_id>/premoderation": Access(
        "/deliberations/{open}/premoderation", FACILITATORS, 422
    ),
    # Curating
    "GET /questions/<question_id>/classification": Access(
        "/questions/{question}/classification", CURATORS
    ),
    "POST /questions/<question_id>/classification": Access(
        "/questions/{question}/classification", CURATORS, 422
    ),
    "GET /outputs/<output_id>/classification": Access("/outputs/{output}/classification", CURATORS),
    "POST /outputs/<output_id>/classification": Access(
        "/outputs/{output}/classification", CURATORS, 422
    ),
    "GET /sessions/<slug>/classification": Access("/sessions/{slug}/classification", CURATORS),
    "POST /sessions/<slug>/classification": Access(
        "/sessions/{slug}/classification", CURATORS, 303
    ),
    "GET /import": Access("/import", CURATORS, 303),
    "GET /imports": Access("/imports", CURATORS),
    "POST /imports": Access("/imports", CURATORS, 422),
    "POST /imports/storing": Access("/imports/storing", CURATORS),
    "GET /imports/<draft_id>": Access("/imports/{draft}", CURATORS),
    "POST /imports/<draft_id>/confirmation": Access("/imports/{draft}/confirmation", CURATORS, 422),
    "POST /imports/<draft_id>/corrections": Access("/imports/{draft}/corrections", CURATORS, 422),
    "POST /imports/<draft_id>/doubts": Access("/imports/{draft}/doubts", CURATORS, 422),
    "POST /imports/<draft_id>/removal": Access("/imports/{spare_draft}/removal", CURATORS, 303),
    "GET /imports/<draft_id>/text": Access("/imports/{draft}/text", CURATORS),
    "POST /imports/<draft_id>/text": Access("/imports/{draft}/text", CURATORS, 422),
    "GET /sessions/<slug>/curation": Access("/sessions/{open_slug}/curation", CURATORS),
    "GET /sessions/<slug>/outputs/new": Access("/sessions/{open_slug}/outputs/new", CURATORS),
    "POST /sessions/<slug>/outputs": Access("/sessions/{open_slug}/outputs", CURATORS, 422),
    "GET /sessions/<slug>/questions/new": Access("/sessions/{open_slug}/questions/new", CURATORS),
    "POST /sessions/<slug>/questions": Access("/sessions/{open_slug}/questions", CURATORS, 422),
    "GET /questions/<question_id>/similar": Access("/questions/{question}/similar", CURATORS),
    "POST /questions/<question_id>/merger": Access("/questions/{question}/merger", CURATORS, 422),
    "POST /sessions/<slug>/mergers": Access("/sessions/{slug}/mergers", CURATORS, 422),
    "POST /decisions/<decision_id>/undoing": Access("/decisions/{decision}/undoing", CURATORS, 422),
    "POST /questions/<question_id>/acceptance": Access(
        "/questions/{question}/acceptance", CURATORS, 422
    ),
    "POST /questions/<question_id>/declination": Access(
        "/questions/{question}/declination", CURATORS, 422
    ),
    "POST /questions/<question_id>/opening": Access("/questions/{accepted}/opening", CURATORS, 422),
    "POST /questions/<question_id>/rewording": Access(
        "/questions/{question}/rewording", CURATORS, 422
    ),
    "POST /questions/<question_id>/split": Access("/questions/{question}/split", CURATORS, 422),
    "POST /outputs/<output_id>/opening": Access("/outputs/{output}/opening", CURATORS, 422),
    "POST /outputs/<output_id>/split": Access("/outputs/{output}/split", CURATORS, 422),
    "GET /deliberations/<deliberation_id>/balance": Access("/deliberations/{open}/balance"),
    "POST /deliberations/<deliberation_id>/invitations": Access(
        "/deliberations/{open}/invitations", CURATORS | FACILITATORS, 422
    ),
    "GET /questions/<question_id>/process": Access("/questions/{accepted}/process", CURATORS),
    "POST /questions/<question_id>/process": Access("/questions/{accepted}/process", CURATORS, 422),
    "GET /questions/<question_id>/process/preview": Access(
        "/questions/{accepted}/process/preview", CURATORS
    ),
    "GET /outputs/<output_id>/process": Access("/outputs/{output}/process", CURATORS),
    "POST /outputs/<output_id>/process": Access("/outputs/{output}/process", CURATORS, 422),
    "GET /outputs/<output_id>/process/preview": Access(
        "/outputs/{output}/process/preview", CURATORS, 303
    ),
    "GET /deliberations/<deliberation_id>/dates": Access("/deliberations/{open}/dates", CURATORS),
    "POST /deliberations/<deliberation_id>/rescheduling": Access(
        "/deliberations/{open}/rescheduling", CURATORS, 422
    ),
    "POST /deliberations/<deliberation_id>/archive": Access(
        "/deliberations/{closed}/archive", CURATORS, 422
    ),
    "POST /deliberations/<deliberation_id>/archive/withdrawal": Access(
        "/deliberations/{closed}/archive/withdrawal", CURATORS, 422
    ),
    # Reviewing
    "GET /curate": Access("/curate", CURATORS),
    "GET /review": Access("/review", CURATORS),
    "GET /questions/<question_id>/review": Access("/questions/{in_review}/review", CURATORS),
    "POST /questions/<question_id>/review": Access("/questions/{in_review}/review", CURATORS, 422),
    "POST /questions/<question_id>/review/withdrawal": Access(
        "/questions/{in_review}/review/withdrawal", CURATORS, 404
    ),
    "POST /questions/<question_id>/referral": Access(
        "/questions/{question}/referral", CURATORS, 303
    ),
    "POST /questions/<question_id>/referral/withdrawal": Access(
        "/questions/{question}/referral/withdrawal", CURATORS, 303
    ),
    "POST /sessions/<slug>/referrals": Access("/sessions/{slug}/referrals", CURATORS, 303),
    "GET /sessions/<slug>/conflict": Access("/sessions/{slug}/conflict", CURATORS),
    "POST /conflicts": Access("/conflicts", CURATORS, 422),
    "POST /conflicts/<conflict_id>/withdrawal": Access(
        "/conflicts/{conflict}/withdrawal", CURATORS, 303
    ),
    "GET /suggestions": Access("/suggestions", CURATORS),
    "POST /suggestions/<suggestion_id>/acknowledgement": Access(
        "/suggestions/{suggestion}/acknowledgement", CURATORS, 303
    ),
    "POST /suggestions/<suggestion_id>/answer": Access(
        "/suggestions/{suggestion}/answer", CURATORS, 422
    ),
    "GET /summaries/<summary_id>/sign-off": Access("/summaries/{summary}/sign-off", CURATORS),
    "POST /summaries/<summary_id>/sign-off": Access("/summaries/{summary}/sign-off", CURATORS, 422),
    # It leaves this session to others, so it comes after all other acts on it.
    "POST /sessions/<slug>/conflict": Access("/sessions/{slug}/conflict", CURATORS, 303),
    "POST /curate/welcome": Access("/curate/welcome", CURATORS, 303),
    # Facilitating
    "POST /summaries/<summary_id>/sign-off-request": Access(
        "/summaries/{summary}/sign-off-request", FACILITATORS, 303
    ),
    "POST /sign-offs/<sign_off_id>/answer": Access(
        "/sign-offs/{discuss}/answer", FACILITATORS, 422
    ),
    "GET /polls/<poll_id>/running": Access(
        "/polls/{open_poll}/running", FACILITATORS | SECRETARIAT
    ),
    "GET /polls/<poll_id>/room-ballots": Access(
        "/polls/{open_poll}/room-ballots", FACILITATORS | SECRETARIAT
    ),
    "POST /polls/<poll_id>/room-ballots": Access(
        "/polls/{open_poll}/room-ballots", FACILITATORS, 422
    ),
    "POST /polls/<poll_id>/extension": Access("/polls/{open_poll}/extension", FACILITATORS, 422),
    "POST /polls/<poll_id>/reminder": Access("/polls/{open_poll}/reminder", FACILITATORS, 303),
    "POST /polls/<poll_id>/invalidation": Access(
        "/polls/{open_poll}/invalidation", FACILITATORS | SECRETARIAT, 422
    ),
    "POST /polls/<poll_id>/invalidation/withdrawal": Access(
        "/polls/{open_poll}/invalidation/withdrawal", FACILITATORS | SECRETARIAT, 303
    ),
    "POST /polls/<poll_id>/invalidation/confirmation": Access(
        "/polls/{closed_poll}/invalidation/confirmation", FACILITATORS | SECRETARIAT, 303
    ),
    "GET /deliberations/<deliberation_id>/polls/new": Access(
        "/deliberations/{open}/polls/new", FACILITATORS
    ),
    "POST /deliberations/<deliberation_id>/polls": Access(
        "/deliberations/{open}/polls", FACILITATORS, 422
    ),
    "GET /deliberations/<deliberation_id>/summary": Access(
        "/deliberations/{closed}/summary", FACILITATORS
    ),
    "POST /deliberations/<deliberation_id>/summary": Access(
        "/deliberations/{closed}/summary", FACILITATORS, 422
    ),
    "POST /summaries/<summary_id>/publication": Access(
        "/summaries/{summary}/publication", FACILITATORS, 409
    ),
    "GET /deliberations/<deliberation_id>/synthesis": Access(
        "/deliberations/{open}/synthesis", FACILITATORS
    ),
    "POST /deliberations/<deliberation_id>/synthesis": Access(
        "/deliberations/{open}/synthesis", FACILITATORS, 422
    ),
    "GET /comments/<comment_id>/gardening": Access("/comments/{comment}/gardening", FACILITATORS),
    "POST /comments/<comment_id>/gardening": Access(
        "/comments/{comment}/gardening", FACILITATORS, 422
    ),
    "POST /thread-acts/<act_id>/undoing": Access(
        "/thread-acts/{thread_act}/undoing", FACILITATORS, 303
    ),
    "POST /arguments/<argument_id>": Access("/arguments/{argument}", FACILITATORS, 422),
    "POST /arguments/<argument_id>/answers": Access(
        "/arguments/{argument}/answers", FACILITATORS, 422
    ),
    "POST /arguments/<argument_id>/citations": Access(
        "/arguments/{argument}/citations", FACILITATORS, 422
    ),
    "POST /arguments/<argument_id>/merger": Access(
        "/arguments/{argument}/merger", FACILITATORS, 422
    ),
    "POST /arguments/<argument_id>/withdrawal": Access(
        "/arguments/{argument}/withdrawal", FACILITATORS, 409
    ),
    "POST /answers/<answer_id>/withdrawal": Access(
        "/answers/{answer}/withdrawal", FACILITATORS, 303
    ),
    "POST /waivers/<waiver_id>/withdrawal": Access(
        "/waivers/{waiver}/withdrawal", FACILITATORS, 303
    ),
    "GET /citations/<citation_id>/excerpt": Access("/citations/{citation}/excerpt", FACILITATORS),
    "POST /citations/<citation_id>/excerpt": Access(
        "/citations/{citation}/excerpt", FACILITATORS, 303
    ),
    # Administering
    "GET /people": Access("/people", SECRETARIAT),
    "GET /people/invitations": Access("/people/invitations", SECRETARIAT),
    "POST /people/invitations": Access("/people/invitations", SECRETARIAT, 422),
    "POST /people/invitations/<invitation_id>/withdrawal": Access(
        "/people/invitations/{invitation}/withdrawal", SECRETARIAT, 303
    ),
    "POST /people/<person_id>/mandate": Access("/people/{spokesperson}/mandate", SECRETARIAT, 422),
    "POST /people/<person_id>/mandate/withdrawal": Access(
        "/people/{spokesperson}/mandate/withdrawal", SECRETARIAT, 303
    ),
    "POST /people/<person_id>/roles": Access("/people/{person}/roles", SECRETARIAT, 422),
    "POST /people/<person_id>/roles/withdrawal": Access(
        "/people/{person}/roles/withdrawal", SECRETARIAT, 422
    ),
    # Last, because it ends the sign-in that the other addresses are tried with.
    "POST /sign-out": Access("/sign-out", answer=303),
}
