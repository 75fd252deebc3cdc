"""Characters for the emoji names that teams and apps use most; an unknown name stays as it was typed."""

import re

_CHARACTERS = {
    "tada": "🎉", "wave": "👋", "rocket": "🚀", "fire": "🔥", "star": "⭐", "star2": "🌟", "sparkles": "✨",
    "zap": "⚡", "eyes": "👀", "raised_hands": "🙌", "clap": "👏", "pray": "🙏", "muscle": "💪", "handshake": "🤝",
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "ok_hand": "👌", "point_right": "👉",
    "point_left": "👈",
    "point_up": "☝️", "point_down": "👇", "raised_hand": "✋", "raising_hand": "🙋", "smile": "😄", "smiley": "😃",
    "grinning": "😀", "grin": "😁", "joy": "😂", "slightly_smiling_face": "🙂", "blush": "😊", "wink": "😉",
    "sunglasses": "😎", "thinking_face": "🤔", "sweat_smile": "😅", "cry": "😢", "sob": "😭", "scream": "😱",
    "heart": "❤️", "green_heart": "💚", "blue_heart": "💙", "yellow_heart": "💛", "100": "💯", "trophy": "🏆",
    "medal": "🏅", "sports_medal": "🏅", "first_place_medal": "🥇", "second_place_medal": "🥈",
    "third_place_medal": "🥉", "soccer": "⚽", "goal_net": "🥅", "dart": "🎯", "tophat": "🎩", "billed_cap": "🧢",
    "chart_with_upwards_trend": "📈", "chart_with_downwards_trend": "📉", "bar_chart": "📊", "calendar": "📅",
    "date": "📅", "spiral_calendar_pad": "🗓️", "alarm_clock": "⏰", "hourglass": "⌛", "hourglass_flowing_sand": "⏳",
    "stopwatch": "⏱️", "clock1": "🕐", "bell": "🔔", "no_bell": "🔕", "mega": "📣", "loudspeaker": "📢", "email": "📧",
    "envelope": "✉️", "incoming_envelope": "📨", "inbox_tray": "📥", "outbox_tray": "📤", "memo": "📝", "pencil": "✏️",
    "pencil2": "✏️", "clipboard": "📋", "pushpin": "📌", "round_pushpin": "📍", "paperclip": "📎", "link": "🔗",
    "lock": "🔒", "unlock": "🔓", "key": "🔑", "mag": "🔍", "bulb": "💡", "gear": "⚙️", "wrench": "🔧",
    "hammer": "🔨", "hammer_and_wrench": "🛠️", "package": "📦", "gift": "🎁", "moneybag": "💰", "dollar": "💵",
    "telephone_receiver": "📞", "phone": "☎️", "iphone": "📱", "computer": "💻", "globe_with_meridians": "🌐",
    "earth_africa": "🌍", "house": "🏠", "door": "🚪", "coffee": "☕", "cake": "🍰", "beers": "🍻", "sunny": "☀️",
    "cloud": "☁️", "snowflake": "❄️", "rainbow": "🌈", "palm_tree": "🌴", "seedling": "🌱", "herb": "🌿",
    "four_leaf_clover": "🍀", "white_check_mark": "✅", "heavy_check_mark": "✔️", "ballot_box_with_check": "☑️",
    "x": "❌", "negative_squared_cross_mark": "❎", "warning": "⚠️", "rotating_light": "🚨", "no_entry": "⛔",
    "no_entry_sign": "🚫", "question": "❓", "grey_question": "❔", "exclamation": "❗", "information_source": "ℹ️",
    "speech_balloon": "💬", "thought_balloon": "💭", "busts_in_silhouette": "👥", "bust_in_silhouette": "👤",
    "robot_face": "🤖", "large_green_circle": "🟢", "large_yellow_circle": "🟡", "large_orange_circle": "🟠",
    "red_circle": "🔴", "large_blue_circle": "🔵", "white_circle": "⚪", "black_circle": "⚫",
    "large_green_square": "🟩", "large_yellow_square": "🟨", "large_red_square": "🟥", "arrow_up": "⬆️",
    "arrow_down": "⬇️", "arrow_right": "➡️", "arrow_left": "⬅️", "arrow_upper_right": "↗️",
    "arrow_lower_right": "↘️", "small_red_triangle": "🔺", "small_red_triangle_down": "🔻", "repeat": "🔁",
    "arrows_counterclockwise": "🔄", "recycle": "♻️", "heavy_plus_sign": "➕", "heavy_minus_sign": "➖", "one": "1️⃣",
    "two": "2️⃣", "three": "3️⃣", "four": "4️⃣", "five": "5️⃣", "checkered_flag": "🏁", "flag-se": "🇸🇪",
    "shield": "🛡️", "running": "🏃", "brain": "🧠", "new": "🆕", "sos": "🆘",
}  # fmt: skip
_NAME = re.compile(r":([a-z0-9_+-]+):")


def emoji(name: str) -> str:
    """Return the character of an emoji name without colons, or the name with them."""
    return _CHARACTERS.get(name, f":{name}:")


def with_emoji(text: str) -> str:
    """Replace every `:name:` that is known."""
    return _NAME.sub(lambda match: emoji(match[1]), text)
