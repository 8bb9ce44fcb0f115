"""The widget kit: what every screen is built from. Plain values in, past-participle signals out.

No widget here knows a record, a rule or the store. Words come in as text, states as the small enums beside
the widget, colours only as a ``Tone``. Import each piece from its own file::

    theme       dress_application(app): once.  dress_window(window): each.  ground(widget, tokens)
    tokens      Tone PLAIN INFO SUCCESS WARNING DANGER; LIGHT, DARK; sizes (GAP, MARGIN, RIGHT_COLUMN, …)
    fonts       font(size, bold)  text_width(text, size, bold)
    icons       icon(name, colour) -> QIcon   IconMark(name, colour, size)   GLYPHS lists the meanings
    layouts     row(*pieces, gap, margins)  column(…)  box(layout)  empty(layout)
                (None stretches, an int is a gap)  lay_out_now(): before a paint that is already asked for
    pages       Pages(): a stack whose views fill their room, however high they would like to be
    turns       after_paint(owner, work): what nobody waits for
    kept        draw_kept(widget, facts, ground, draw): what says the same again is copied, not drawn
    shortcuts   bind_key(owner, "F10", act, whole_window=False): keys are named as printed on the caps
    text        Text(text, size, bold, colour, wrap)  .show_text(text, colour): elided, or wraps
    spans       SpanLine([Span(text, size, bold, colour, underlined, gap)])  .show_spans  facts(name, *rest)
    rule        Rule(upright=False): a hairline
    card        Card(layout, tone, outlined)  .set_tone
    chip        Chip(words, tone, icon)  .show_state(words, tone, icon): no words take no room
    key_cap     KeyCap(text, size 24|32|40|56, KeyState.WAITING|CURRENT|DONE|…)  .show_key(text, state)
    buttons     ActionButton(text, key, icon, ButtonKind, subtitle, size=18|22|28)
                .bind(page) .press() .show_action(text, subtitle, icon) .show_kind(kind) .refuse_enter()
    banner      Banner(icon, sentence, key, hint, tone)  .show_step(same)  .set_side(widget | None)
    search_box  SearchBox(make_edit, prompt)   searched(str), stepped(int), entered;  the line is .edit
    scan_box    ScanBox(make_edit, prompt, way_out=True)  .show_prompt
                .show_result(sentence, at, tone) .show_fault .clear_result
                .set_page_keys("1234") .bind(page)   typed(str), unreadable_reported
                (give it CodeLineEdit; setFocus goes to .edit)
    fact_card   FactCard()  .show_facts(caption, headline | spans, second, third)  .show_chip(words, tone)
    checklist_row    CheckItem(item_id, label, value, note, how, how_icon, key, CheckState, details)  CheckRow
    checklist_panel  ChecklistPanel()  .show_groups([[CheckGroup(title, items)…]…])   confirmed(item_id)
    nav_rail    NavRail([NavItem(item_id, text, icon, key)])  .set_items .bind(window) .set_current
                .show_count(item_id, n) .show_person(name, place)   chosen(item_id), helped
    status_line StatusLine  .show_counts(saved, waiting, last_sync, icon, alarm)
    device_strip     DeviceStrip  .show_devices([DeviceState(device_id, icon, name, state, tone)])  chosen(id)
    bottom_bar  BottomBar()  .status .devices
    toast       Toast(clock)  .bind(page) .announce(sentence, undo_seconds, tone) .dismiss   undone, expired
    reason_lines     OwnWords(name, hint, longest)
                ReasonLines(rows, words): usual reasons or words of one's own  .reason()
    sheet       Sheet(over, title, body, buttons, width)  .open_sheet(first) .close_sheet()   closed
    form        Form(columns)  .add_field(field_id, label, control, required, hint, wide)
                .field(id) .show_errors({id: sentence});  a field: .show_hint .show_error
    refusal_panel    RefusalPanel()  .show_refusal(RefusalFacts)
                RefusalFacts(…, actions=[RefusalAction(id, text, note, key)])
                chosen(action_id), details_copied
    comparison_table Compared(label, expected, found, verdict, ok)
    fitted_text FittedText(text, size, bold, colour, lines): shrinks and takes more lines, never cut
    primary_key PrimaryKey(text, icon, key)
                .show_missing([Pip(key, KeyState)], sentence) .show_ready(sentence)
                .bind(page)   given, tried_early
    ring        Ring(diameter, tokens)  .show_face(RingFace(RingState, number, unit, share))
    wall_mark   WallMark(diameter)  .show_face: the dark board's ring, disc, diamond, octagon
    observation_card ObservationCard(Observed(ticket, note, person, words, face))
                .show_observed(observed)   clicked
    open_vial   OpenVial()  .show_vial(caption, face, opened, discard) .show_doses(total, used, spans)
                .show_chip(words, tone)
    alarm_bar   AlarmBar(buttons of kind ON_DANGER…)  .show_alarm(title, facts)
    question_row     QuestionRow(Question(id, number, words, Answer, note))
                .show_question(question, current)   answered(id, Answer), asked(id)
    question_panel   QuestionPanel()  .show_question(caption, wording, answer) .show_hints .bind
                answered(Answer)
    decision_bar     DecisionBar(title, [Decision(id, text, subtitle, key, icon)])
                .show_missing(sentence) .show_chosen(id)
                .signatures[0|1].show_signature(name, words, signed) .bind   chosen(id)
    search_result    ResultList()  .show_results([Found(…)]) .select(id) .step(+1|-1) .selected_id
                selected(id)
    timeline    Timeline()  .show_doses([TimelineDose(words, day, DoseState)])
    ticket_card TicketCard()  .show_ticket(number, state, note, tone)
    forecast_card    ForecastCard()  .show_dose(dose, when, why, edition, tone)
    confirm_row ConfirmRow(text, key)  .bind(page)   toggled(bool)   let_one_stand([rows], always=False)
    table       RecordTable(name, [Column(title, share, bold, right)])
                .show_rows(count, fetch(offset, limit))   opened(row), selected(row); .paged.row_at(row)
    figure_card FigureCard(icon)  .show_figure(number, words, note, tone)
    record_cells     RecordCells()  .show_cells([CellState…], words)
    practice_banner  PracticeBanner(sentence)  .show_sentence(words)
    empty_state EmptyState(icon, sentence, todo, button)  .show_state
"""
