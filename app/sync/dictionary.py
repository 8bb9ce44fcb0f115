"""Words that messages share, for the compression of short ones; most telling last.

It is part of codec 1: once in use it may never change, for the two ends of a sync may be years apart; a
better one takes the next codec number. It knows the shape of the common events, and no person.
"""

ENVELOPE = (
    '"clock_quality":{"age_ms":1,"offset_ms":-1,"uptime_ms":1},"desk":"接种台 1","hash":"sha256","hlc":117,'
    '"id":"01a2-7-8-9-a-b","kind":"%s","person":"01a2","seq":1,"site":"1","user":"u-","v":1,"wall":17}\n'
)
BODIES = (
    ("site.configured", '{"body":{"emergency_card":"","enquiry_phone":"0","observation_minutes":30,"region_'),
    ("staff.added", '{"body":{"roles":["doctor","manager","observer","registrar","vaccinator"],"title":""},'),
    ("pack_codes.related", '{"body":{"codes":[["8","3",null,60],["8","2","8",10],["8","1","8",1]],"l'),
    ("session.opened", '{"body":{"opened_at":"20","session_id":"01"},'),
    ("user.signed_in", '{"body":{"at":"202","staff_id":"u-"},'),
    ("patient.amended", '{"body":{"address":"","birth_on":"20","readings":["'),
    ("immunization.voided", '{"body":{"encounter_id":"01","immunization_id":"01","reason":"","voided_at":"'),
    ("adverse_event.drafted", '{"body":{"adverse_event_id":"01","encounter_id":"01","immunization_id":"01",'),
    ("observation.ended", '{"body":{"early":false,"encounter_id":"01","ended_at":"202","note":""},'),
    ("certificate.issued", '{"body":{"certificate_id":"01","issued_at":"20'),
    ("encounter.cancelled", '{"body":{"cancelled_at":"202","encounter_id":"01","reason":""},'),
    (
        "patient.registered",
        '{"body":{"address":"镇村组号","birth_on":"19","booklet":true,"document_number":"1",'
        '"document_type":"citizen_card","ethnic_group":"","guardian":null"guardian":{"name":"","phone":"1","relation":""},'
        '"household_address":"","name":"","nationality":"CHN","patient_id":"01a","phone":"1","population_group":"",'
        '"proxy":null,"readings":["","","'
        '"],"region_code":"","registered_at":"202","residence":"","sex":"2","workplace":""},',
    ),
    (
        "consent.recorded",
        '{"body":{"agreed":true,"consent_id":"01a2","encounter_id":"01a2","reason":"","recorded_at":"202",'
        '"signature":{"means":"paper","name":"","relation":"本人"},"text_id":"consent-","text_sha256":"",'
        '"text_version":"1"},',
    ),
    (
        "screening.recorded",
        '{"body":{"advice":"","answers":[["1","no",""],["2","no",""],["3","no",""],["4","no",""],["5","no",""],'
        '["6","no",""],["7","no",""],["8","no",""],["9","no",""],["10","no",""],["11","no",""]],"decision":"1",'
        '"encounter_id":"01a2","plan":{"body_site":"left_arm","dose_number":1,"product_code":""},'
        '"questions":{"text_id":"screening-questions","text_sha256":"","text_version":"2023"},"reason":"",'
        '"recorded_at":"202","review_on":null,"screening_id":"01a2","signatures":{"doctor":{"means":"paper",'
        '"name":"","staff_id":"u-"},"recipient":{"means":"paper","name":"","relation":"本人"}}},',
    ),
    (
        "encounter.opened",
        '{"body":{"encounter_id":"01a2","patient_id":"01a2","registered_at":"202","session_id":"01a2",'
        '"temperature":null,"temperature":"36.","ticket_number":"A0","ticket_seq":1,"ticket_token":""},',
    ),
    ("encounter.called", '{"body":{"called_at":"202","encounter_id":"01a2"},'),
    (
        "vial.presented",
        '{"body":{"doses":1,"encounter_id":"01a2","expires_on":"202","lot_id":"01a2","lot_number":"20",'
        '"presented_at":"202","product_code":"","reason":"","source":"scanned","trace_code":"8"},',
    ),
    ("check.confirmed", '{"body":{"confirmed_at":"202","encounter_id":"01a2","item":"appearance"},'),
    (
        "immunization.recorded",
        '{"body":{"body_site":"right_arm"left_arm","checks":[["health","screening","u-","202'
        'T00:00:00.000Z"],["booklet","person","u-","202'
        'T00:00:00.000Z"],["appearance","person","u-","202'
        'T00:00:00.000Z"],["name","person","u-","202'
        'T00:00:00.000Z"],["age","record","u-","202'
        'T00:00:00.000Z"],["vaccine","scan","u-","202'
        'T00:00:00.000Z"],["specification","scan","u-","202'
        'T00:00:00.000Z"],["quantity","product","u-","202'
        'T00:00:00.000Z"],["body_site","product","u-","202'
        'T00:00:00.000Z"],["route","product","u-","202'
        'T00:00:00.000Z"],["recipient","recipient","u-","202'
        'T00:00:00.000Z"]],"code_reason":"","code_source":"scanned","consent_id":"01a2","dosage_form":"注射液",'
        '"dose_index_in_vial":1,"dose_number":1,"dose_quantity_ml":"0.5","doses_per_pack":1,"encounter_id":"01a2'
        '","expires_on":"202","full_name":"疫苗","immunization_id":"01a2","lot_number":"20","manufacturer":"'
        '生物制品股份有限公司","market_holder":"生物制品股份有限公司","observe_until":"202","occurred_at":"202'
        'T00:00:00.000Z","pack_level":"1","patient":{"birth_on":"19","document_number":"1",'
        '"document_type":"citizen_card","name":"","sex":"1"},"patient_id":"01a2","performer":"u-",'
        '"performer_name":"","product_code":"","programme":"nip","programme":"non_nip","route":"intramuscular",'
        '"screening_id":"01a2","series_doses":1,"session_id":"01a2","site_name":"卫生院",'
        '"specification":"0.5 mL/支","trace_code":"8","vaccine_code":"","vaccine_name":"疫苗",'
        '"vial_opened_at":"202T00:00:00.000Z"},',
    ),
)  # fmt: skip
MESSAGES = (
    '{"declined":{"name":"","reason":""}}\n'
    '{"push":{"acked":,"epoch":"","fork":true,"gap":true,"head":"","refused":{"name":"","reason":"","seq":},'
    '"receipts":[[1,1,17]]},"welcome":{"incarnation":"","server_time":17,"standings":{},"wire":[1,1]}}\n'
    '{"hello":{"device_id":"01a2","tips":{"":1}},"push":{"after":1,"after_hash":"","count":1,"epoch":"","head":""}}\n'
)
DICTIONARY = ("".join(body + ENVELOPE % kind for kind, body in BODIES) + MESSAGES).encode()
