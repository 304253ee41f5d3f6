"""Writes the golden ledger: provider answers, and what each must be recorded as.

Token counts are written by hand next to each usage object; dollars are worked out here in exact decimals, by the formulas of the vendors' price pages,
independently of the gateway's code. Run: python3 generate.py (in this folder).
"""
import json
from decimal import Decimal as D, ROUND_HALF_UP

def r(x):
    return str(x.quantize(D("0.00000001"), rounding=ROUND_HALF_UP))

# name, YAML of the price, and how the four parts come about: (input, output, cached, cacheWrite, one-hour part) -> dollars
M = D(1000000)
def simple(i, o, c, w, off="0", long=None):
    def cost(u, wl):
        k = 1 - D(off)
        wr = (D(u[2] - wl) * D(w) + D(wl) * D(long if long else w)) / M * k
        return (D(u[0]) * D(i) / M * k, D(u[3]) * D(o) / M * k, D(u[1]) * D(c) / M * k, wr)
    return cost
def tiers(ranges):
    def cost(u, wl):
        n = u[0] + u[1] + u[2]
        for lo, hi, i, o, c, w in ranges:
            if n >= lo and (hi is None or n <= hi):
                return (D(u[0]) * D(i) / M, D(u[3]) * D(o) / M, D(u[1]) * D(c) / M, D(u[2]) * D(w) / M)
        return None
    return cost
def listed(i, o, c, w, off="0"):
    def cost(u, wl):
        k = 1 - D(off)
        return (D(u[0]) * D(i) * k, D(u[3]) * D(o) * k, D(u[1]) * D(c) * k, D(u[2]) * D(w) * k)
    return cost
PRICES = [
    ("sonnet", "{source: simple, input: 3, output: 15, cached: 0.30, cache_write: 3.75}", simple("3", "15", "0.30", "3.75")),
    ("long", "{source: simple, input: 3, output: 15, cached: 0.3, cache_write: 3.75, cache_write_1h: 6}", simple("3", "15", "0.30", "3.75", long="6")),
    ("off", "{source: simple, input: 2.5, output: 10, cached: 1.25, discount: 0.1}", simple("2.5", "10", "1.25", "0", off="0.1")),
    ("tiers", "{source: defined, range: [{lower_bound: 0, upper_bound: 200, input_per_m: 1.25, output_per_m: 10, cached_per_m: 0.31},"
              " {lower_bound: 201, input_per_m: 2.5, output_per_m: 15, cached_per_m: 0.625, cache_write_per_m: 4.5}]}",
     tiers([(0, 200, "1.25", "10", "0.31", "0"), (201, None, "2.5", "15", "0.625", "4.5")])),
    ("gap", "{source: defined, range: [{lower_bound: 1000000, input_per_m: 1, output_per_m: 2}]}", tiers([(1000000, None, "1", "2", "0", "0")])),
    ("live", "{source: openrouter, slug: lab/one}", listed("0.000003", "0.000015", "0.0000003", "0.0000006")),
    ("liveoff", "{source: openrouter, slug: lab/two, discount: 0.25}", listed("0.00003", "0.00006", "0", "0", off="0.25")),
    ("unknown", "{source: openrouter, slug: lab/nowhere}", None),
    ("each", "{source: per_request, amount: 0.04}", lambda u, wl: (D("0.04"), D(0), D(0), D(0))),
    ("tiny", "{source: simple, input: 0.001, output: 0.001, cached: 0.001, cache_write: 0.001}", simple("0.001", "0.001", "0.001", "0.001")),
]
SOURCES = {"sonnet": "simple", "long": "simple", "off": "simple", "tiers": "defined", "gap": "defined", "live": "openrouter",
           "liveoff": "openrouter", "unknown": "openrouter", "each": "per_request", "tiny": "simple"}

# For each dialect: name, usage as the vendor writes it, (input, cached, cacheWrite, output, reasoning), one-hour part of the cache write
CHAT = [
    ("T1", {"prompt_tokens": 1000, "prompt_tokens_details": {"cached_tokens": 300}, "completion_tokens": 200,
            "completion_tokens_details": {"reasoning_tokens": 50}, "total_tokens": 1200}, (700, 300, 0, 200, 50), 0),
    ("T2", {"prompt_tokens": 100, "cached_tokens": 40, "completion_tokens": 10}, (60, 40, 0, 10, 0), 0),
    ("T3", {"prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 30}, "cached_tokens": 40, "completion_tokens": 1}, (70, 30, 0, 1, 0), 0),
    ("T4", {"prompt_tokens": 50, "cached_tokens": 80, "completion_tokens": 5}, (50, 80, 0, 5, 0), 0),
    ("T5", {"prompt_tokens": 20, "completion_tokens": 30, "completion_tokens_details": {"reasoning_tokens": 100}, "total_tokens": 150},
     (20, 0, 0, 130, 100), 0),
    ("T6", {"prompt_tokens": 100, "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36, "completion_tokens": 8}, (36, 64, 0, 8, 0), 0),
    ("T13", {"prompt_tokens": "7", "completion_tokens": -3}, (7, 0, 0, 0, 0), 0),
    ("plain", {"prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29}, (19, 0, 0, 10, 0), 0),
    ("audio", {"prompt_tokens": 120, "completion_tokens": 90, "total_tokens": 210,
               "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 70, "text_tokens": 50},
               "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 60, "text_tokens": 30}}, (120, 0, 0, 90, 0), 0),
    ("write", {"prompt_tokens": 900, "completion_tokens": 33, "total_tokens": 933,
               "prompt_tokens_details": {"cached_tokens": 100, "cache_write_tokens": 500}}, (300, 100, 500, 33, 0), 0),
    ("creation", {"prompt_tokens": 640, "completion_tokens": 12, "total_tokens": 652,
                  "prompt_tokens_details": {"cache_creation_input_tokens": 40}}, (600, 0, 40, 12, 0), 0),
    ("nulls", {"prompt_tokens": 31, "completion_tokens": 4, "total_tokens": 35, "prompt_tokens_details": None,
               "completion_tokens_details": None}, (31, 0, 0, 4, 0), 0),
    ("fraction", {"prompt_tokens": 12.9, "completion_tokens": 3.2}, (12, 0, 0, 3, 0), 0),
    ("wholecached", {"prompt_tokens": 256, "completion_tokens": 17, "total_tokens": 273,
                     "prompt_tokens_details": {"cached_tokens": 256}}, (0, 256, 0, 17, 0), 0),
    ("prediction", {"prompt_tokens": 300, "completion_tokens": 80, "total_tokens": 380, "completion_tokens_details":
                    {"reasoning_tokens": 16, "accepted_prediction_tokens": 40, "rejected_prediction_tokens": 8}}, (300, 0, 0, 80, 16), 0),
    ("toplevelreasoning", {"prompt_tokens": 40, "completion_tokens": 60, "reasoning_tokens": 25, "total_tokens": 100}, (40, 0, 0, 60, 25), 0),
    ("big", {"prompt_tokens": 1048576, "completion_tokens": 65536, "total_tokens": 1114112,
             "prompt_tokens_details": {"cached_tokens": 1000000}}, (48576, 1000000, 0, 65536, 0), 0),
]
RESPONSES = [
    ("T7", {"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 600}, "output_tokens": 50,
            "output_tokens_details": {"reasoning_tokens": 20}, "total_tokens": 1050}, (400, 600, 0, 50, 20), 0),
    ("T8", {"input_tokens": 5233, "input_tokens_details": {"cached_tokens": 54784}, "output_tokens": 2643, "total_tokens": 62660},
     (5233, 54784, 0, 2643, 0), 0),
    ("plain", {"input_tokens": 36, "output_tokens": 87, "total_tokens": 123}, (36, 0, 0, 87, 0), 0),
    ("zerodetails", {"input_tokens": 36, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 87,
                     "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 123}, (36, 0, 0, 87, 0), 0),
    ("write", {"input_tokens": 2006, "input_tokens_details": {"cached_tokens": 1000, "cache_write_tokens": 400}, "output_tokens": 300,
               "output_tokens_details": {"reasoning_tokens": 64}, "total_tokens": 2306}, (606, 1000, 400, 300, 64), 0),
    ("wholecached", {"input_tokens": 128, "input_tokens_details": {"cached_tokens": 128}, "output_tokens": 9, "total_tokens": 137},
     (0, 128, 0, 9, 0), 0),
    ("allreasoning", {"input_tokens": 75, "output_tokens": 1186, "output_tokens_details": {"reasoning_tokens": 1024}, "total_tokens": 1261},
     (75, 0, 0, 1186, 1024), 0),
    ("small", {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}, (1, 0, 0, 1, 0), 0),
    ("big", {"input_tokens": 400000, "input_tokens_details": {"cached_tokens": 390000}, "output_tokens": 128000,
             "output_tokens_details": {"reasoning_tokens": 100000}, "total_tokens": 528000}, (10000, 390000, 0, 128000, 100000), 0),
    ("strings", {"input_tokens": "21", "output_tokens": "8", "total_tokens": "29"}, (21, 0, 0, 8, 0), 0),
]
MESSAGES = [
    ("T9", {"input_tokens": 12, "cache_read_input_tokens": 3000, "cache_creation_input_tokens": 500, "output_tokens": 77},
     (12, 3000, 500, 77, 0), 0),
    ("T10", {"input_tokens": 12, "cache_read_input_tokens": 5, "output_tokens": 40}, (12, 5, 0, 40, 0), 0),
    ("T11", {"input_tokens": 900, "output_tokens": 40}, (900, 0, 0, 40, 0), 0),
    ("plain", {"input_tokens": 10, "output_tokens": 25}, (10, 0, 0, 25, 0), 0),
    ("nulls", {"input_tokens": 2095, "cache_read_input_tokens": None, "cache_creation_input_tokens": None, "output_tokens": 503},
     (2095, 0, 0, 503, 0), 0),
    ("tiers", {"input_tokens": 2048, "cache_read_input_tokens": 1800, "cache_creation_input_tokens": 248, "output_tokens": 503,
               "cache_creation": {"ephemeral_5m_input_tokens": 148, "ephemeral_1h_input_tokens": 100}, "service_tier": "standard"},
     (2048, 1800, 248, 503, 0), 100),
    ("onehour", {"input_tokens": 3, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 9000, "output_tokens": 1,
                 "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 9000}}, (3, 0, 9000, 1, 0), 9000),
    ("onlyparts", {"input_tokens": 4, "output_tokens": 6, "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 5}},
     (4, 0, 25, 6, 0), 5),
    ("servertools", {"input_tokens": 105, "output_tokens": 6039, "cache_read_input_tokens": 7123, "cache_creation_input_tokens": 7345,
                     "server_tool_use": {"web_search_requests": 1}}, (105, 7123, 7345, 6039, 0), 0),
    ("thinking", {"input_tokens": 50, "output_tokens": 900, "output_tokens_details": {"thinking_tokens": 700}}, (50, 0, 0, 900, 700), 0),
    ("wholecached", {"input_tokens": 0, "cache_read_input_tokens": 4096, "output_tokens": 12}, (0, 4096, 0, 12, 0), 0),
    ("big", {"input_tokens": 1000000, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0, "output_tokens": 64000},
     (1000000, 0, 0, 64000, 0), 0),
]
GEMINI = [
    ("T12", {"promptTokenCount": 500, "cachedContentTokenCount": 200, "candidatesTokenCount": 60, "thoughtsTokenCount": 140, "totalTokenCount": 700},
     (300, 200, 0, 200, 140), 0),
    ("plain", {"promptTokenCount": 4, "candidatesTokenCount": 3, "totalTokenCount": 7}, (4, 0, 0, 3, 0), 0),
    ("details", {"promptTokenCount": 264, "candidatesTokenCount": 80, "totalTokenCount": 344,
                 "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 6}, {"modality": "IMAGE", "tokenCount": 258}],
                 "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 80}]}, (264, 0, 0, 80, 0), 0),
    ("audio", {"promptTokenCount": 330, "candidatesTokenCount": 20, "totalTokenCount": 350,
               "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}, {"modality": "AUDIO", "tokenCount": 320}]}, (330, 0, 0, 20, 0), 0),
    ("tooluse", {"promptTokenCount": 100, "toolUsePromptTokenCount": 57, "candidatesTokenCount": 10, "thoughtsTokenCount": 30, "totalTokenCount": 197},
     (157, 0, 0, 40, 30), 0),
    ("cacheddetails", {"promptTokenCount": 10000, "cachedContentTokenCount": 9500, "candidatesTokenCount": 150, "totalTokenCount": 10150,
                       "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 9500}]}, (500, 9500, 0, 150, 0), 0),
    ("thoughts", {"promptTokenCount": 9, "candidatesTokenCount": 40, "thoughtsTokenCount": 1200, "totalTokenCount": 1249}, (9, 0, 0, 1240, 1200), 0),
    ("nothoughts", {"promptTokenCount": 1, "candidatesTokenCount": 1, "thoughtsTokenCount": 0, "totalTokenCount": 2}, (1, 0, 0, 1, 0), 0),
    ("excluded", {"promptTokenCount": 100, "cachedContentTokenCount": 300, "candidatesTokenCount": 5, "totalTokenCount": 405}, (100, 300, 0, 5, 0), 0),
    ("big", {"promptTokenCount": 1000000, "candidatesTokenCount": 8192, "thoughtsTokenCount": 24576, "totalTokenCount": 1032768},
     (1000000, 0, 0, 32768, 24576), 0),
]

def sse(*events):
    return "".join((("event: %s\n" % name) if name else "") + "data: " + (d if isinstance(d, str) else json.dumps(d)) + "\n\n" for name, d in events)

def chat(usage, stream, place):
    head = {"id": "c1", "created": 1, "model": "m"}
    if not stream:
        body = dict(head, object="chat.completion", choices=[{"index": 0, "message": {"role": "assistant", "content": "Good day."}, "finish_reason": "stop"}])
        body["usage"] = usage
        return json.dumps(body)
    chunk = lambda choices, **more: dict(head, object="chat.completion.chunk", choices=choices, **more)
    first = chunk([{"index": 0, "delta": {"role": "assistant", "content": "Good "}, "finish_reason": None}])
    last = chunk([{"index": 0, "delta": {"content": "day."}, "finish_reason": "stop"}])
    events = [("", first), ("", last)]
    if place == "x_groq":
        last["x_groq"] = {"id": "g", "usage": usage}
    elif place == "choice":
        last["choices"][0]["usage"] = usage
    elif place == "last":
        last["usage"] = usage
    else:
        events.append(("", chunk([], usage=usage)))
    return sse(*events, ("", "[DONE]"))

def responses(usage, stream, place):
    item = {"type": "message", "id": "m1", "status": "completed", "role": "assistant",
            "content": [{"type": "output_text", "text": "Good day.", "annotations": []}]}
    whole = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m", "output": [item], "usage": usage}
    if not stream:
        return json.dumps(whole)
    open_ = dict(whole, status="in_progress", output=[], usage=None)
    events = [{"type": "response.created", "response": open_},
              {"type": "response.output_item.added", "output_index": 0, "item": dict(item, status="in_progress", content=[])},
              {"type": "response.content_part.added", "item_id": "m1", "output_index": 0, "content_index": 0,
               "part": {"type": "output_text", "text": "", "annotations": []}},
              {"type": "response.output_text.delta", "item_id": "m1", "output_index": 0, "content_index": 0, "delta": "Good day."},
              {"type": "response.output_text.done", "item_id": "m1", "output_index": 0, "content_index": 0, "text": "Good day."},
              {"type": "response.content_part.done", "item_id": "m1", "output_index": 0, "content_index": 0, "part": item["content"][0]},
              {"type": "response.output_item.done", "output_index": 0, "item": item},
              {"type": "response.completed", "response": whole}]
    return sse(*[(e["type"], dict(e, sequence_number=n)) for n, e in enumerate(events)])

def messages(usage, stream, place):
    head = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m"}
    if not stream:
        return json.dumps(dict(head, content=[{"type": "text", "text": "Good day."}], stop_reason="end_turn", stop_sequence=None, usage=usage))
    if place == "late":      # everything comes with the end
        first, last = {"input_tokens": 0, "output_tokens": 0}, usage
    elif place == "again":   # the end repeats the input as 0
        first, last = dict(usage, output_tokens=1), {"input_tokens": 0, "output_tokens": usage["output_tokens"]}
        if "output_tokens_details" in usage:
            last["output_tokens_details"] = usage["output_tokens_details"]
    else:
        first, last = dict(usage, output_tokens=1), usage
    events = [{"type": "message_start", "message": dict(head, content=[], stop_reason=None, stop_sequence=None, usage=first)},
              {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
              {"type": "ping"},
              {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Good day."}},
              {"type": "content_block_stop", "index": 0},
              {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": last},
              {"type": "message_stop"}]
    return sse(*[(e["type"], e) for e in events])

def gemini(usage, stream, place):
    chunk = lambda text, finish, counts: dict(
        {"candidates": [dict({"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}, **({"finishReason": "STOP"} if finish else {}))],
         "modelVersion": "m", "responseId": "g1"}, **({"usageMetadata": counts} if counts else {}))
    if not stream:
        return json.dumps(chunk("Good day.", True, usage))
    early = {"promptTokenCount": usage["promptTokenCount"], "totalTokenCount": usage["promptTokenCount"]}
    return sse(("", chunk("Good ", False, early if place == "growing" else None)), ("", chunk("day.", True, usage)))

DIALECTS = {
    "chat": (chat, CHAT, ["own", "last", "x_groq", "choice"]),
    "responses": (responses, RESPONSES, ["own"]),
    "messages": (messages, MESSAGES, ["own", "late", "again"]),
    "gemini": (gemini, GEMINI, ["own", "growing"]),
}

def main():
    cases, turn = [], 0
    for dialect, (write, shapes, places) in DIALECTS.items():
        for name, usage, counts, long in shapes:
            for stream in (False, True):
                for variant in range(4):
                    place = places[variant % len(places)] if stream else "own"
                    price = PRICES[turn % len(PRICES)]
                    turn += 1
                    cost = price[2](counts, long) if price[2] else None
                    expected = {"input": counts[0], "cached": counts[1], "cacheWrite": counts[2], "output": counts[3], "reasoning": counts[4]}
                    if cost is None:
                        expected["source"] = "default"
                    else:
                        expected.update({"source": SOURCES[price[0]], "costInput": r(cost[0]), "costOutput": r(cost[1]), "costCached": r(cost[2]),
                                         "costCacheWrite": r(cost[3]), "costTotal": r(sum(cost))})
                    cases.append({"id": "%s-%s-%s-%d-%s" % (dialect, name, "stream" if stream else "whole", variant, price[0]), "dialect": dialect,
                                  "stream": stream, "pricing": price[1], "answer": write(usage, stream, place), "expected": expected})
    with open("answers.jsonl", "w") as out:
        for case in cases:
            out.write(json.dumps(case) + "\n")
    print(len(cases))

main()
